export * from './create-test-host.js';
export * from './test-host.js';
