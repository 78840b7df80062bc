import { rm } from 'node:fs/promises';
import { AtollError, type Clock, isAtollError, type Logger, type Migrations } from '@atoll/sdk';
import type { Transaction } from 'kysely';
import { readAppliedMigrations } from './applied-migrations.js';
import { migrationBackupFile, pruneMigrationBackups } from './migration-backups.js';
import { planMigrations } from './migration-plan.js';
import type { Database } from './open-database.js';
import { backUpDatabase } from './sqlite/backup-file.js';
import { transactionWithoutForeignKeys } from './sqlite/foreign-keys.js';
import { asMaintenance } from './sqlite/sqlite-driver.js';
import { explainSqliteError } from './sqlite/sqlite-error.js';
import type { DatabasePlace } from './storage-layout.js';

export interface MigrateOptions extends DatabasePlace {
  migrations: Migrations;
  clock: Clock;
  logger: Logger;
}

export interface MigrationOutcome {
  /** Names, in the order they ran. */
  applied: string[];
  /** Path of the copy made before; none was needed where the database was new or nothing was pending. */
  backup?: string;
}

/**
 * Brings a database up to date: all pending migrations in one transaction, after a copy of the file was made.
 *
 * @throws AtollError `storage_newer` when the database has seen migrations that this code does not know;
 *   `migration_failed` with the plugin's and the migration's name, the database being as it was before
 */
export async function migrateDatabase<Schema>(
  db: Database<Schema>,
  options: MigrateOptions,
): Promise<MigrationOutcome> {
  const { name, plugin, file, migrations, logger, clock } = options;
  const untyped = db as Database<unknown>;
  const { applied, empty } = await readAppliedMigrations(untyped);
  const plan = planMigrations(
    Object.keys(migrations),
    applied.map((migration) => migration.name),
  );
  refuseNewer(options, plan.unknown);
  refuseMisplaced(options, plan.misplaced);
  if (plan.pending.length === 0) return { applied: [] };

  const backup = empty || file === ':memory:' ? undefined : await copyBefore(options);
  const started = clock.monotonic();
  try {
    await asMaintenance(() => transactionWithoutForeignKeys(untyped, (trx) => runAll(trx, options)));
  } catch (error) {
    // The copy equals the database, and would push an older one out at the next start.
    if (backup) await rm(backup, { force: true });
    throw error;
  }
  if (backup) await pruneMigrationBackups(options.backupDir, name);
  logger.info(
    { plugin, operation: 'migrate', duration: Math.round(clock.monotonic() - started) },
    `migrated the database "${name}": ${plan.pending.join(', ')}`,
  );
  return { applied: plan.pending, backup };
}

async function copyBefore({ file, backupDir, name, clock }: MigrateOptions): Promise<string> {
  const target = migrationBackupFile(backupDir, name, clock.now());
  try {
    await backUpDatabase(file, target);
  } catch (error) {
    throw explainSqliteError(error, name, target);
  }
  return target;
}

async function runAll(trx: Transaction<unknown>, options: MigrateOptions): Promise<void> {
  // Most starts have nothing to migrate.
  const { Migrator } = await import('kysely/migration');
  const migrator = new Migrator({
    db: trx,
    provider: { getMigrations: async () => options.migrations },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw failure(options, failed, error);
}

function failure(
  { name, plugin }: MigrateOptions,
  migration: string | undefined,
  cause: unknown,
): AtollError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const inherited = isAtollError(cause) ? cause : undefined;
  return new AtollError(
    inherited?.code ?? 'migration_failed',
    `${migration ? `The migration "${migration}"` : 'Migrating'} of ${owner(name, plugin)} failed: ${reason}. The database is as it was before.`,
    {
      plugin,
      cause,
      status: inherited?.status,
      hint:
        inherited?.hint ?? 'Install the version that ran before, or one in which the migration is repaired.',
    },
  );
}

function refuseNewer({ name, plugin }: MigrateOptions, unknown: string[]): void {
  if (unknown.length === 0) return;
  throw new AtollError(
    'storage_newer',
    `The database of ${owner(name, plugin)} was written by a newer version: it has the migrations ${unknown.join(', ')}, which this version does not know.`,
    {
      plugin,
      hint: `Install the newer version again, or run "atoll migrate rollback ${name}": it restores the copy made before that update, without what was written since.`,
    },
  );
}

function refuseMisplaced({ name, plugin }: MigrateOptions, misplaced: string[]): void {
  if (misplaced.length === 0) return;
  throw new AtollError(
    'migration_failed',
    `The migrations ${misplaced.join(', ')} of ${owner(name, plugin)} sort before one that was applied already.`,
    { plugin, hint: 'A new migration needs a name that sorts after all others.' },
  );
}

function owner(name: string, plugin: string | undefined): string {
  return plugin ? `the plugin "${plugin}"` : `the ${name}`;
}
