import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { AtollError, type Clock } from '@atoll/sdk';
import { sql } from 'kysely';
import { readAppliedMigrations } from './applied-migrations.js';
import { migrationBackupFile } from './migration-backups.js';
import { findRollback } from './migration-status.js';
import { openDatabase } from './open-database.js';
import { copyWhole } from './sqlite/backup-file.js';
import type { DatabasePlace } from './storage-layout.js';

export interface RolledBack {
  /** Migrations that the database no longer has, oldest first. */
  removed: string[];
  /** Path of the copy that was restored. */
  restored: string;
  /** Path where the database as it was is kept. */
  replaced: string;
}

/**
 * Puts the copy made before the last migrations in the database's place; the database as it was is kept beside the
 * copies. What was written since that copy is gone from the database. The caller owns the data folder.
 *
 * Whenever the process dies, the database is either the old or the restored one.
 *
 * @throws AtollError `not_found` when there is no database or no fitting copy; `storage_busy` when it is in use
 */
export async function rollbackMigration(place: DatabasePlace, clock: Clock): Promise<RolledBack> {
  const { file, name, plugin, backupDir } = place;
  if (!existsSync(file)) {
    throw new AtollError('not_found', `There is no database "${name}" (${file}).`, { plugin });
  }
  const applied = await foldLog(file, name);
  const backup = await findRollback(place, applied);
  if (!backup) {
    throw new AtollError('not_found', `The database "${name}" has no copy from before its last migrations.`, {
      plugin,
      hint: `Copies are made when migrations run on a database that holds something, and kept in ${backupDir}.`,
    });
  }
  const replaced = migrationBackupFile(backupDir, name, clock.now(), '-replaced');
  await copyWhole(file, replaced);
  // An old log beside the restored file would be played into it.
  await rm(`${file}-wal`, { force: true });
  await rm(`${file}-shm`, { force: true });
  await copyWhole(backup.file, file);
  return { removed: applied.slice(backup.applied.length), restored: backup.file, replaced };
}

/** Writes the log into the database file, so that the file alone is the database; returns what was applied. */
async function foldLog(file: string, name: string): Promise<string[]> {
  const db = openDatabase<unknown>({ file, name });
  try {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db);
    if (rows[0]?.busy !== 0) {
      throw new AtollError('storage_busy', `The database "${name}" is in use.`, {
        hint: 'Stop the host and whatever else has it open, and try again.',
      });
    }
    return (await readAppliedMigrations(db)).applied.map((migration) => migration.name);
  } finally {
    await db.destroy();
  }
}
