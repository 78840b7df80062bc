import type { Options } from 'tsup';

/** How every package is built: file by file, so that stacks stay readable and job paths agree in source and package. */
export const sources: Options = {
  entry: ['src/**/*.ts', '!src/**/*.test.ts', '!src/**/*.fixture.ts', '!src/**/*.bundle.ts'],
  format: 'esm',
  target: 'node24',
  bundle: false,
  // Without this, esbuild's helpers for `await using` land in a file of their own, which every file then imports.
  splitting: false,
  dts: false,
  sourcemap: true,
  silent: true,
};
