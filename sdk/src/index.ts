/**
 * The contract between Atoll and its plugins.
 *
 * Words used throughout:
 * - **host**: the process that loads plugins and serves HTTP.
 * - **plugin**: a package whose entry exports `definePlugin(…)`.
 * - **job**: work that a plugin defines by name; **run**: one execution of it, with an outcome;
 *   **attempt**: one try within a run; **firing**: a moment at which a schedule asks for a run.
 * - **policy**: retries, circuit, timeout, bulkhead and cache that calls to one upstream run under.
 * - **circuit**: closed (calls pass), open (calls fail at once), half-open (one call probes).
 * - **disposer**: the function that undoes one registration.
 *
 * @packageDocumentation
 */
import 'reflect-metadata';

export type { Generated, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
export { sql } from 'kysely';
export type { Migration } from 'kysely/migration';
export { z } from 'zod';
export * from './clock.js';
export type { Column, ColumnBuild, Flag } from './columns.js';
export * as column from './columns.js';
export * from './commands.js';
export * from './config.js';
export * from './config-fields.js';
export * from './context.js';
export * from './disposer.js';
export * from './error-codes.js';
export * from './errors.js';
export * from './evaluations.js';
export * from './events.js';
export * from './health.js';
export * from './http.js';
export * from './jobs.js';
export * from './logger.js';
export * from './manifest.js';
export * from './metrics.js';
export * from './plugin.js';
export * from './resilience.js';
export * from './services.js';
export * from './storage.js';
export * from './storage-errors.js';
export * from './token.js';
