export * from './create-test-context.js';
export * from './create-test-host.js';
export * from './test-clock.js';
export * from './test-context.js';
export * from './test-host.js';
