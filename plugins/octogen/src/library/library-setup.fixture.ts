import { createTestContext } from '@atoll/sdk/testing';
import { onTestFinished } from 'vitest';
import { LibraryIndex } from './library-index.js';
import { libraryMigrations } from './library-migrations.js';
import type { LibrarySchema } from './library-schema.js';
import { MemoryServer } from './memory-server.fixture.js';

/** An empty index, closed when the test has ended, and a server to fill it from. */
export async function setup() {
  const { clock, logger, storage, stop } = await createTestContext({ migrations: libraryMigrations });
  onTestFinished(stop);
  const db = storage.db<LibrarySchema>();
  return { db, clock, logger, index: new LibraryIndex({ db, clock, logger }), server: new MemoryServer() };
}
