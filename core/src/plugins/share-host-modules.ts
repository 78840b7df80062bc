import { registerHooks } from 'node:module';

const shared = /^(@atoll\/sdk|tsyringe|reflect-metadata|zod|kysely)(\/|$)/;

let registered = false;

/**
 * Makes every plugin of this thread import the host's copies of the SDK and of the libraries whose objects cross
 * the border. npm installs peers by itself, so a plugin usually brings copies of its own, and a second tsyringe
 * knows none of the first one's classes.
 */
export function shareHostModules(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      nextResolve(specifier, shared.test(specifier) ? { ...context, parentURL: import.meta.url } : context),
  });
}
