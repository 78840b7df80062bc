import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Unit tests run the sources of every workspace package; the tests of built packages live in tests/.
const alias = [
  { find: /^@atoll\/sdk\/testing$/, replacement: source('./sdk/src/testing/index.ts') },
  { find: /^@atoll\/sdk$/, replacement: source('./sdk/src/index.ts') },
  { find: /^@atoll\/core\/testing$/, replacement: source('./core/src/testing/index.ts') },
  { find: /^@atoll\/core$/, replacement: source('./core/src/index.ts') },
  { find: /^@atoll\/plugin-octogen$/, replacement: source('./plugins/octogen/src/index.ts') },
];

export default defineConfig({
  resolve: { alias },
  // Test files stand outside of the packages' tsconfig.json, where this is set for the sources.
  oxc: { decorator: { legacy: true } },
  test: {
    coverage: {
      include: ['sdk/src/**/*.ts', 'core/src/**/*.ts', 'plugins/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.fixture.ts', '**/*.bundle.ts'],
      reportsDirectory: 'coverage/lines',
      reporter: ['text-summary', 'html'],
      thresholds: {
        'sdk/src/**': { lines: 80 },
        'core/src/**': { lines: 80 },
        'plugins/*/src/**': { lines: 80 },
      },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{sdk,core}/src/**/*.test.ts',
            '{plugins,examples}/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
