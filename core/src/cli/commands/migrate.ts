import { AtollError } from '@atoll/sdk';
import type { MigrationStatus } from '../../storage/migration-status.js';
import type { DatabasePlace } from '../../storage/storage-layout.js';
import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';
import { formatTable } from '../table.js';

export const declareMigrate: DeclareCommand = (program, action) => {
  const migrate = program
    .command('migrate')
    .description("look at the databases' migrations, and undo the last ones");
  migrate.command('status').description('list every database with its migrations').action(action(status));
  migrate
    .command('rollback')
    .description(
      'restore the copy that was made before the last migrations; what was written since is set aside',
    )
    .argument('<database>', '"host", or the id of a plugin')
    .action(action(rollback));
};

interface DatabaseStatus extends MigrationStatus {
  file: string;
  /** False for a plugin that is not installed: what it knows cannot be told. */
  known: boolean;
}

async function status(context: CliContext): Promise<void> {
  const { migrationStatus } = await import('../../storage/migration-status.js');
  const { places, knownMigrations } = await databases(context);
  const statuses: DatabaseStatus[] = [];
  for (const place of places) {
    const known = knownMigrations(place);
    const applied = await migrationStatus(place, known ?? []);
    statuses.push({
      ...applied,
      unknown: known ? applied.unknown : [],
      file: place.file,
      known: known !== undefined,
    });
  }
  context.print(statuses, describe);
}

async function rollback(context: CliContext, name: string): Promise<void> {
  const { places, directory, dataDir } = await databases(context);
  const place = places.find((candidate) => candidate.name === name);
  if (!place) {
    throw new AtollError('not_found', `there is no database "${name}" in ${directory}`, {
      hint: `There are: ${places.map((candidate) => candidate.name).join(', ') || 'none'}.`,
    });
  }
  const { acquireOwner } = await import('../../storage/owner.js');
  const { rollbackMigration } = await import('../../storage/rollback-migration.js');
  const { SystemClock } = await import('../../clock/system-clock.js');
  await using _owner = await acquireOwner(dataDir);
  await using _storageOwner = directory === dataDir ? undefined : await acquireOwner(directory);
  const result = await rollbackMigration(place, new SystemClock());
  context.print(result, ({ removed, restored, replaced }) =>
    [
      `rolled back ${name}: ${removed.join(', ')}`,
      `  restored  ${restored}`,
      `  set aside ${replaced}`,
      'Install the version that ran before now; the current one would migrate again.',
    ].join('\n'),
  );
}

async function databases(context: CliContext) {
  const { openFullCatalog } = await import('../full-catalog.js');
  const { hostMigrations } = await import('../../boot/host-migrations.js');
  const { existingPlaces } = await import('../../storage/storage-layout.js');
  const catalog = await openFullCatalog(context);
  const { host, dataDir } = catalog.config;
  const { directory } = host.storage;
  const knownMigrations = ({ plugin }: DatabasePlace): string[] | undefined => {
    if (plugin === undefined) return Object.keys(hostMigrations);
    const definition = catalog.definitions.get(plugin);
    return definition && Object.keys(definition.migrations ?? {});
  };
  return { places: existingPlaces(directory), directory, dataDir, knownMigrations };
}

function describe(statuses: readonly DatabaseStatus[]): string {
  if (statuses.length === 0) return 'There are no databases yet.';
  return formatTable(
    ['DATABASE', 'APPLIED', 'LAST', 'PENDING', 'ROLLBACK TO', 'REMARK'],
    statuses.map(({ name, applied, pending, unknown, rollback: backup, known }) => [
      name,
      String(applied.length),
      applied.at(-1)?.name ?? null,
      pending.join(', ') || null,
      backup ? (backup.applied.at(-1) ?? 'empty') : null,
      remark(known, unknown),
    ]),
  );
}

function remark(known: boolean, unknown: readonly string[]): string | null {
  if (!known) return 'its plugin is not installed or cannot be loaded';
  return unknown.length > 0 ? `written by a newer version: ${unknown.join(', ')}` : null;
}
