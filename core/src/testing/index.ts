export * from './create-test-context.js';
export * from './create-test-host.js';
