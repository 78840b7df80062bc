import { column, type Migrations } from '@atoll/sdk';

/** The lists that octogen made, what they held before, and what it was about to do. */
export const ledgerMigrations: Migrations = {
  '020_playlist_ledger': {
    async up(db) {
      await db.schema
        .createTable('playlist_ledger')
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('list', 'text', (c) => c.notNull())
        .addColumn('playlist_id', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('songs', ...column.json())
        .addColumn('about', 'text', (c) => c.notNull())
        .addColumn('short', 'text')
        .addColumn('written_at', ...column.instant())
        .addPrimaryKeyConstraint('playlist_ledger_pk', ['account', 'list'])
        .execute();
      await db.schema
        .createTable('playlist_versions')
        .addColumn('id', ...column.id())
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('list', 'text', (c) => c.notNull())
        // Counts a list's versions; the clock may be set back.
        .addColumn('sequence', ...column.count())
        .addColumn('song_ids', ...column.json())
        .addColumn('songs', ...column.json())
        .addColumn('replaced_at', ...column.instant())
        .execute();
      await db.schema
        .createIndex('playlist_versions_by_list')
        .on('playlist_versions')
        .columns(['account', 'list', 'sequence'])
        .execute();
      await db.schema
        .createTable('playlist_intents')
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('list', 'text', (c) => c.notNull())
        .addColumn('intent', ...column.json())
        .addColumn('started_at', ...column.instant())
        .addPrimaryKeyConstraint('playlist_intents_pk', ['account', 'list'])
        .execute();
    },
  },
};

/** Rows of the tables above; JSON columns as text. */
export interface LedgerTables {
  playlist_ledger: {
    account: string;
    list: string;
    playlist_id: string;
    name: string;
    songs: string;
    about: string;
    short: string | null;
    written_at: number;
  };
  playlist_versions: {
    id: string;
    account: string;
    list: string;
    sequence: number;
    song_ids: string;
    songs: string;
    replaced_at: number;
  };
  playlist_intents: { account: string; list: string; intent: string; started_at: number };
}
