import { defineConfig } from 'tsup';
import { sources } from '../tsup.base.ts';

export default defineConfig([
  sources,
  {
    // The libraries that src/libraries/use-bundled-libraries.ts loads from one file each.
    entry: Object.fromEntries(
      [
        'cockatiel',
        'fastify',
        'kysely',
        'kysely-migration',
        'prom-client',
        'tsyringe',
        'zod',
        'zod-core',
      ].map((name) => [name, `src/libraries/${name}.bundle.ts`]),
    ),
    external: ['pino', 'semver'],
    outDir: 'dist/libraries',
    format: 'esm',
    target: 'node24',
    platform: 'node',
    noExternal: [/.*/],
    silent: true,
    dts: false,
    // What is CommonJS inside asks for Node's modules by `require`.
    banner: {
      js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
    },
  },
]);
