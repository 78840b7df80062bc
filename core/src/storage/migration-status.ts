import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type AppliedMigration, readAppliedMigrations } from './applied-migrations.js';
import { listMigrationBackups, type MigrationBackup } from './migration-backups.js';
import { planMigrations } from './migration-plan.js';
import { openDatabase } from './open-database.js';
import type { DatabasePlace } from './storage-layout.js';

/** A copy made before migrations ran, and what had been applied by then. */
export interface RestorableBackup extends MigrationBackup {
  applied: string[];
}

/** Where one database stands. */
export interface MigrationStatus {
  name: string;
  /** Oldest first. */
  applied: AppliedMigration[];
  /** Known to the code and not applied. */
  pending: string[];
  /** Applied and not known to the code: written by a newer version. */
  unknown: string[];
  /** What a rollback would restore; undefined when there is no copy from before the last migrations. */
  rollback: RestorableBackup | undefined;
}

/**
 * Says where a database stands, changing nothing; a running host does not matter.
 *
 * @param known names of the migrations that the code has
 */
export async function migrationStatus(
  place: DatabasePlace,
  known: readonly string[],
): Promise<MigrationStatus> {
  const applied = existsSync(place.file) ? await readApplied(place.file, place.name) : [];
  const names = applied.map((migration) => migration.name);
  const { pending, unknown } = planMigrations(known, names);
  return { name: place.name, applied, pending, unknown, rollback: await findRollback(place, names) };
}

/** The newest copy that has fewer migrations than the database, and no others. */
export async function findRollback(
  { backupDir, name }: DatabasePlace,
  applied: readonly string[],
): Promise<RestorableBackup | undefined> {
  for (const backup of await listMigrationBackups(backupDir, name)) {
    const before = (await readBackup(backup.file, name)).map((migration) => migration.name);
    if (before.length < applied.length && before.every((migration, index) => migration === applied[index]))
      return { ...backup, applied: before };
  }
  return undefined;
}

async function readApplied(file: string, name: string): Promise<AppliedMigration[]> {
  const db = openDatabase<unknown>({ file, name, readonly: true });
  try {
    return (await readAppliedMigrations(db)).applied;
  } finally {
    await db.destroy();
  }
}

/** A copy is read as a file that never changes; otherwise SQLite would leave its log beside it. */
function readBackup(file: string, name: string): Promise<AppliedMigration[]> {
  return readApplied(`${pathToFileURL(file).href}?immutable=1`, name);
}
