import 'reflect-metadata';
import { AtollError, type Constructor, type PluginContainer, type Token } from '@atoll/sdk';
import { type DependencyContainer, type InjectionToken, container as root } from 'tsyringe';

/**
 * A plugin's container: a child of tsyringe's root that holds the host's services as instances.
 * It is never disposed through tsyringe, whose order and error handling do not fit; the plugin's effects are
 * undone by the host, and the container goes with them.
 */
export function createPluginContainer(
  plugin: string,
  instances: Iterable<readonly [Token<unknown>, unknown]>,
): PluginContainer {
  const child = root.createChildContainer();
  for (const [token, value] of instances) child.registerInstance(token, value);
  return {
    resolve: (token) => resolve(plugin, child, token),
    registerInstance: (token, value) => void child.registerInstance(key(token), value),
    registerSingleton: (token, type) =>
      void child.registerSingleton(key(token), type as new (...args: unknown[]) => never),
    isRegistered: (token) => child.isRegistered(key(token)),
  };
}

function resolve<T>(plugin: string, child: DependencyContainer, token: Token<T> | Constructor<T>): T {
  try {
    return child.resolve<T>(key(token));
  } catch (cause) {
    if (!(cause instanceof Error) || !isContainerError(cause)) throw cause;
    throw new AtollError('dependency_missing', `${plugin}: cannot build ${label(token)}: ${cause.message}`, {
      plugin,
      cause,
      hint: 'Register the missing token on ctx.container, mark the class @injectable(), and name every constructor parameter with @inject(TOKEN).',
    });
  }
}

/** tsyringe throws plain errors; these are the sentences it uses for what it cannot find or build. */
function isContainerError(error: Error): boolean {
  return /unregistered dependency token|TypeInfo not known|Cannot inject the dependency/.test(error.message);
}

function key<T>(token: Token<T> | Constructor<T>): InjectionToken<T> {
  return token as InjectionToken<T>;
}

function label(token: symbol | { name: string }): string {
  return typeof token === 'symbol' ? String(token.description) : token.name;
}
