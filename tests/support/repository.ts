import { join } from 'node:path';

/** The root of this repository. */
export const repository = join(import.meta.dirname, '..', '..');

/** The built host and its command line. */
export const atollProgram = join(repository, 'core', 'bin', 'atoll.js');

/** The folder of the plugin that does what tests ask for. */
export const probePlugin = join(repository, 'tests', 'plugins', 'probe');
