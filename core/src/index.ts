export { Host, startHost } from './boot/host.js';
export type { HostOptions } from './boot/host-options.js';
export { version } from './version.js';
