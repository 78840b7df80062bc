import { defineConfig } from 'tsup';

export default defineConfig([
  {
    // bundle: false keeps the file layout, so stacks stay readable and job paths agree in source and package.
    entry: ['src/**/*.ts', '!src/**/*.test.ts', '!src/**/*.fixture.ts', '!src/**/*.bundle.ts'],
    format: 'esm',
    target: 'node24',
    bundle: false,
    silent: true,
    // Without this, esbuild's helpers for `await using` land in a file of their own, which every file then imports.
    splitting: false,
    dts: false,
    sourcemap: true,
  },
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
