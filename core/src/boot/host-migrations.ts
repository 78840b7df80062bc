import type { Migrations } from '@atoll/sdk';
import { type AuthTables, authMigrations } from '../auth/migrations.js';
import type { JobTables } from '../jobs/job-tables.js';
import { jobMigrations } from '../jobs/migrations.js';

/** The tables of the host's own database. */
export type HostTables = AuthTables & JobTables;

/** They run in the order of their names, so the number of a new one is above all there are, whatever its part. */
export const hostMigrations: Migrations = { ...authMigrations, ...jobMigrations };
