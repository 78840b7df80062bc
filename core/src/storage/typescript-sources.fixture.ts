import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

// For processes that tests start from the sources: Node strips the types by itself, but looks for `.js` files.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && specifier.endsWith('.js')) {
      const source = new URL(`${specifier.slice(0, -3)}.ts`, context.parentURL);
      if (existsSync(source)) return next(source.href, context);
    }
    return next(specifier, context);
  },
});
