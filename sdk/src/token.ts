import { inject as tsyringeInject, injectable as tsyringeInjectable } from 'tsyringe';

declare const tokenType: unique symbol;

/** A typed key of the container. Two copies of a package that name it alike mean the same token. */
export type Token<T> = symbol & { readonly [tokenType]?: T };

/** Makes the token for `name`; use `<plugin>.<name>` for tokens of your own. */
export function createToken<T>(name: string): Token<T> {
  return Symbol.for(`atoll:${name}`) as Token<T>;
}

/** Names what a constructor parameter receives. Always needed: types alone are gone in a built package. */
export function inject<T>(token: Token<T> | Constructor<T>): ParameterDecorator {
  return tsyringeInject(token as symbol) as ParameterDecorator;
}

/** Marks a class that the plugin's container may build. */
export function injectable(): ClassDecorator {
  return tsyringeInjectable() as ClassDecorator;
}

/** A class, as the container takes it. */
export type Constructor<T> = new (...args: never[]) => T;

/** The plugin's own container. Everything in it is gone when the plugin stops. */
export interface PluginContainer {
  /** Builds or returns what `token` stands for; throws a `dependency_missing` AtollError that names the token. */
  resolve<T>(token: Token<T> | Constructor<T>): T;
  /** Registers a finished value. */
  registerInstance<T>(token: Token<T> | Constructor<T>, value: T): void;
  /** Registers a class that is built once, on first use. */
  registerSingleton<T>(token: Token<T> | Constructor<T>, type: Constructor<T>): void;
  isRegistered<T>(token: Token<T> | Constructor<T>): boolean;
}
