import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A copy of a database that was made before migrations ran. */
export interface MigrationBackup {
  file: string;
  /** Milliseconds since the epoch. */
  at: number;
}

const kept = 5;

/** Path for a copy of the database `name`, made at `at`: `octogen-20260105T120000000Z.db`. */
export function migrationBackupFile(backupDir: string, name: string, at: number, kind = ''): string {
  const stamp = new Date(at).toISOString().replace(/[-:.]/g, '');
  return join(backupDir, `${name}-${stamp}${kind}.db`);
}

/** The copies of the database `name`, newest first. */
export async function listMigrationBackups(backupDir: string, name: string): Promise<MigrationBackup[]> {
  const files = await readdir(backupDir).catch((): string[] => []);
  return files
    .map((file) => ({ file: join(backupDir, file), at: readStamp(file, name) }))
    .filter((backup): backup is MigrationBackup => backup.at !== undefined)
    .sort((a, b) => b.at - a.at);
}

/** Deletes all but the newest five copies. */
export async function pruneMigrationBackups(backupDir: string, name: string): Promise<void> {
  const backups = await listMigrationBackups(backupDir, name);
  await Promise.all(backups.slice(kept).map(({ file }) => rm(file, { force: true })));
}

function readStamp(file: string, name: string): number | undefined {
  if (!file.startsWith(`${name}-`)) return undefined;
  const stamp = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.db$/.exec(file.slice(name.length + 1));
  if (!stamp) return undefined;
  const [, year, month, day, hour, minute, second, ms] = stamp.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, ms);
}
