import type { Migrations } from '@atoll/sdk';

/** The tables of this folder in the host's database. */
export interface AuthTables {
  auth_tokens: {
    id: string;
    name: string;
    /** SHA-256 of the token, hex. */
    hash: string;
    /** JSON array of scopes. */
    scopes: string;
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
    /** Revoked tokens stay, so that a host whose tokens are all revoked is not taken for a new one. */
    revoked_at: number | null;
  };
}

export const authMigrations: Migrations = {
  '001_auth_tokens': {
    async up(db) {
      await db.schema
        .createTable('auth_tokens')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull().unique())
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('last_used_at', 'bigint')
        .addColumn('revoked_at', 'bigint')
        .execute();
    },
  },
};
