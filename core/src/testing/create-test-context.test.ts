import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { column, type Migrations } from '@atoll/sdk';
import { createTestContext } from '@atoll/sdk/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../storage/temp-folder.fixture.js';

const migrations: Migrations = {
  '001_notes': {
    async up(db) {
      await db.schema
        .createTable('notes')
        .addColumn('id', ...column.id())
        .execute();
    },
  },
};

interface Notes {
  notes: { id: string };
}

async function serve(): Promise<string> {
  const server = createServer((_request, response) => response.end('{"ok":true}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('createTestContext', () => {
  it('has a migrated database and a key-value store', async () => {
    await using context = await createTestContext({ migrations });
    const db = context.storage.db<Notes>();
    await db.insertInto('notes').values({ id: 'a' }).execute();
    expect(await db.selectFrom('notes').selectAll().execute()).toEqual([{ id: 'a' }]);
    await context.storage.kv.set('key', 1);
    expect(await context.storage.kv.get('key')).toBe(1);
  });

  it('forgets everything with its end, unless it has a folder', async () => {
    const dataDir = tempFolder();
    for (const [options, left] of [
      [{ migrations }, 0],
      [{ migrations, dataDir }, 1],
    ] as const) {
      const first = await createTestContext(options);
      await first.storage.db<Notes>().insertInto('notes').values({ id: 'a' }).execute();
      await first.stop();
      await using second = await createTestContext(options);
      expect(await second.storage.db<Notes>().selectFrom('notes').selectAll().execute()).toHaveLength(left);
    }
  });

  it('reaches only the servers that the test names', async () => {
    const address = await serve();
    await using context = await createTestContext({ network: [address] });
    const client = context.resilience.client('named', { baseUrl: `http://${address}` });
    expect((await client.request('/')).json()).toEqual({ ok: true });
    const other = context.resilience.client('other', { baseUrl: 'http://127.0.0.1:1' });
    await expect(other.request('/')).rejects.toMatchObject({ code: 'network_denied' });
  });

  it('moves time only when told to, also for retries', async () => {
    await using context = await createTestContext({ now: 0, network: ['127.0.0.1:1'] });
    const client = context.resilience.client('down', { baseUrl: 'http://127.0.0.1:1' });
    const call = client.request('/').catch((error: { code: string }) => error.code);
    let ended = false;
    void call.then(() => {
      ended = true;
    });
    while (!ended) {
      await context.clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await call).toBe('upstream_refused');
    expect(context.clock.now()).toBeGreaterThanOrEqual(2_000);
  });

  it('shows what was logged and counted', async () => {
    await using context = await createTestContext();
    context.logger.warn({ service: 'x' }, 'careful');
    expect(context.logs()).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'careful', service: 'x', plugin: 'test' }),
    );
    context.metrics.counter({ name: 'atoll_test_things_total', help: 'Things' }).inc({}, 3);
    expect(await context.metric('atoll_test_things_total')).toBe(3);
  });

  it('aborts its signal and the calls under way when it ends', async () => {
    const address = await serve();
    const context = await createTestContext({ network: [address] });
    const policy = context.resilience.policy('slow');
    const call = policy.execute(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const outcome = expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await context.stop();
    await outcome;
    expect(context.signal.aborted).toBe(true);
    await context.stop();
  });

  it('leaves nothing open when its migrations fail', async () => {
    const dataDir = tempFolder();
    const broken: Migrations = { '001_broken': { up: () => Promise.reject(new Error('no')) } };
    await expect(createTestContext({ migrations: broken, dataDir })).rejects.toMatchObject({
      code: 'migration_failed',
    });
    await using context = await createTestContext({ migrations, dataDir });
    expect(await context.storage.db<Notes>().selectFrom('notes').selectAll().execute()).toEqual([]);
  });
});
