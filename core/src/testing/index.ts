export * from './create-test-host.js';
