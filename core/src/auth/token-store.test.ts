import type { Logger } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { type Database, openDatabase } from '../storage/open-database.js';
import { type AuthTables, authMigrations } from './migrations.js';
import { TokenStore } from './token-store.js';

const warnings: unknown[] = [];
const logger = { warn: (...line: unknown[]) => void warnings.push(line) } as unknown as Logger;
let db: Database<AuthTables>;
let clock: FakeClock;

const open = () => TokenStore.open({ db, clock, logger });
const rows = () => db.selectFrom('auth_tokens').selectAll().execute();

beforeEach(async () => {
  warnings.length = 0;
  clock = new FakeClock();
  db = openDatabase<AuthTables>({ file: ':memory:' });
  for (const migration of Object.values(authMigrations)) await migration.up(db);
});
afterEach(() => db.destroy());

describe('a token', () => {
  it('opens what its scopes say, also after a restart, and is stored as a hash only', async () => {
    const { token, record } = await (await open()).create({ name: 'ci', scopes: ['operate'] });
    expect(token).toMatch(/^atoll_[\w-]{43}$/);
    const store = await open();
    expect(store.verify(token)?.allows('operate', null)).toBe(true);
    expect(store.verify(token)?.allows('admin', null)).toBe(false);
    expect(store.list()).toEqual([{ ...record, lastUsedAt: new Date(clock.now()).toISOString() }]);
    expect(JSON.stringify(await rows())).not.toContain(token);
  });

  it('is nobody when it is wrong, however near', async () => {
    const store = await open();
    const { token, record } = await store.create({ name: 'ci', scopes: ['admin'] });
    const [row] = await rows();
    for (const wrong of [
      '',
      'x',
      token.slice(0, -1),
      `${token}x`,
      token.toUpperCase(),
      row!.hash,
      record.id,
      '__proto__',
    ]) {
      expect(store.verify(wrong)).toBeNull();
    }
  });

  it('ends at once when it is revoked, and stays ended', async () => {
    const store = await open();
    const { token, record } = await store.create({ name: 'ci', scopes: ['read'] });
    expect(store.verify(token)).not.toBeNull();
    await store.revoke(record.id);
    expect(store.verify(token)).toBeNull();
    expect((await open()).verify(token)).toBeNull();
    expect(store.list()).toEqual([]);
    await expect(store.revoke(record.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('expires on time, also one that was just used', async () => {
    const store = await open();
    const { token } = await store.create({
      name: 'ci',
      scopes: ['read'],
      expiresAt: new Date(clock.now() + 60_000),
    });
    expect(store.verify(token)).not.toBeNull();
    await clock.advance(60_000);
    expect(store.verify(token)).toBeNull();
  });

  it('notes its use at most once a minute', async () => {
    const store = await open();
    const { token } = await store.create({ name: 'ci', scopes: ['read'] });
    const used = async () => {
      await clock.advance(0);
      return (await rows())[0]?.last_used_at;
    };
    const start = clock.now();
    store.verify(token);
    expect(await used()).toBe(start);
    await clock.advance(59_000);
    store.verify(token);
    expect(await used()).toBe(start);
    await clock.advance(1000);
    store.verify(token);
    expect(await used()).toBe(start + 60_000);
    clock.set(start - 3_600_000);
    store.verify(token);
    expect(await used()).toBe(start - 3_600_000);
  });

  it('still opens when its use cannot be noted', async () => {
    const store = await open();
    const { token } = await store.create({ name: 'ci', scopes: ['read'] });
    await db.schema.dropTable('auth_tokens').execute();
    expect(store.verify(token)).not.toBeNull();
    await clock.advance(0);
    expect(warnings).toHaveLength(1);
  });

  it.each([
    [{ name: ' ', scopes: ['read'] }, /needs a name/],
    [{ name: 'x', scopes: [] }, /no scope/],
    [{ name: 'x', scopes: ['root'] }, /"root" is not a scope/],
    [{ name: 'x', scopes: ['read'], expiresAt: new Date(0) }, /expired already/],
    [{ name: 'x', scopes: ['read'], expiresAt: new Date(Number.NaN) }, /expired already/],
  ])('is not made from %o', async (input, message) => {
    await expect((await open()).create(input)).rejects.toThrow(message);
  });
});

describe('the first admin', () => {
  it('gets a token once', async () => {
    const token = await (await open()).ensureAdmin(undefined);
    expect((await open()).verify(token!)?.allows('admin', null)).toBe(true);
    expect(await (await open()).ensureAdmin(undefined)).toBeNull();
  });

  it('gets no second one when the first was revoked', async () => {
    const store = await open();
    await store.ensureAdmin(undefined);
    await store.revoke(store.list()[0]!.id);
    expect(await (await open()).ensureAdmin(undefined)).toBeNull();
  });
});

describe('ATOLL_ADMIN_TOKEN', () => {
  const first = 'a-token-of-my-own-0001';
  const second = 'a-token-of-my-own-0002';

  it('is an admin token while it is set, and replaces the one before', async () => {
    expect(await (await open()).ensureAdmin(first)).toBeNull();
    const store = await open();
    expect(await store.ensureAdmin(second)).toBeNull();
    expect(store.verify(first)).toBeNull();
    expect(store.verify(second)?.allows('admin', null)).toBe(true);
    expect(await rows()).toHaveLength(1);
    const later = await open();
    expect(await later.ensureAdmin(undefined)).toMatch(/^atoll_/);
    expect(later.verify(second)).toBeNull();
  });

  it('cannot be revoked over the API', async () => {
    const store = await open();
    await store.ensureAdmin(first);
    await expect(store.revoke('environment')).rejects.toMatchObject({ code: 'conflict' });
    expect(store.verify(first)).not.toBeNull();
  });

  it.each(['short', 'has spaces in it, and that is wrong', 'ümlaut-ümlaut-ümlaut', 'a'.repeat(600)])(
    'is refused when it is "%s"',
    async (value) => {
      await expect((await open()).ensureAdmin(value)).rejects.toMatchObject({ code: 'config_invalid' });
    },
  );

  it('is refused when it repeats another token, and takes over a revoked one', async () => {
    const store = await open();
    const { token, record } = await store.create({ name: 'ci', scopes: ['read'] });
    await expect(store.ensureAdmin(token)).rejects.toThrow(/repeats the token "ci"/);
    await store.revoke(record.id);
    await store.ensureAdmin(token);
    expect(store.verify(token)?.allows('admin', null)).toBe(true);
  });
});
