import { defineConfig } from 'tsup';

// bundle: false keeps the file layout, so stacks stay readable and job paths agree in source and package.
export default defineConfig({
  entry: ['src/**/*.ts', '!src/**/*.test.ts', '!src/**/*.fixture.ts'],
  format: 'esm',
  target: 'node24',
  bundle: false,
  silent: true,
  dts: false,
  sourcemap: true,
});
