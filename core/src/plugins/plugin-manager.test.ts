import {
  AuthError,
  createToken,
  defineEvent,
  definePlugin,
  NotReadyError,
  type PluginContext,
  type PluginDefinition,
  z,
} from '@atoll/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import type { DiscoveredPlugin } from './discovered-plugin.js';
import type { PluginSettings, PluginTransition } from './managed-plugin.js';
import { PluginManager } from './plugin-manager.js';
import { inMemoryPlugin, recordingServices, silentLogger } from './plugin-services.fixture.js';

let clock: FakeClock;
let journal: string[];
let transitions: PluginTransition[];

beforeEach(() => {
  clock = new FakeClock();
  journal = [];
  transitions = [];
});

const plain = (id: string, setup: PluginDefinition['setup'] = () => {}) =>
  definePlugin({ id, name: id.toUpperCase(), config: z.strictObject({}), setup }) as PluginDefinition;

function manage(
  plugins: DiscoveredPlugin[],
  settings: Record<string, Partial<PluginSettings>> = {},
): PluginManager {
  const settingsOf = (id: string) => ({
    enabled: true,
    required: false,
    config: {},
    invalid: null,
    ...settings[id],
  });
  return new PluginManager({
    plugins,
    name: (id) => id,
    settings: settingsOf,
    refresh: async (id) => settingsOf(id),
    services: recordingServices(clock, journal),
    clock,
    logger: silentLogger,
    redact: (text) => text.replaceAll('hunter2', '***'),
    onTransition: (transition) => transitions.push(transition),
  });
}

const states = (manager: PluginManager) =>
  Object.fromEntries(manager.list().map(({ id, state }) => [id, state]));

describe('starting', () => {
  it('runs setup, then lets requests in, then firings', async () => {
    const manager = manage([inMemoryPlugin(plain('a', () => void journal.push('a: setup')))]);
    await manager.startAll();
    expect(journal).toEqual(['a: setup', 'a: mounted', 'a: armed']);
    expect(transitions.map(({ from, state }) => `${from} > ${state}`)).toEqual([
      'discovered > starting',
      'starting > running',
    ]);
  });

  it("keeps one plugin's failure from the others, and undoes what it had begun", async () => {
    const manager = manage([
      inMemoryPlugin(
        plain('bad', (ctx) => {
          ctx.effect(() => void journal.push('bad: undone'));
          throw new Error('no');
        }),
      ),
      inMemoryPlugin(plain('good')),
    ]);
    await manager.startAll();
    expect(states(manager)).toEqual({ bad: 'failed', good: 'running' });
    expect(manager.describe('bad')?.reason).toBe('no');
    const undone = journal.filter((line) => line.startsWith('bad'));
    expect(undone.slice(0, 2)).toEqual(['bad: undone', 'bad: routes closed']);
    expect(journal).toContain('bad: storage closed');
    expect(manager.ready()).toBe(true);
  });

  it('is not ready while a required plugin does not serve', async () => {
    const bad = inMemoryPlugin(plain('bad', () => Promise.reject(new Error('no'))));
    const manager = manage([bad], { bad: { required: true } });
    await manager.startAll();
    expect(manager.ready()).toBe(false);
  });

  it('rests in the state that the manifest or the configuration asks for, without running code', async () => {
    const never = plain('x', () => void journal.push('ran'));
    const manager = manage(
      [
        { ...inMemoryPlugin({ ...never, id: 'old' }), incompatible: 'update Atoll' },
        inMemoryPlugin({ ...never, id: 'off' }),
        inMemoryPlugin({ ...never, id: 'wrong' }),
      ],
      { off: { enabled: false }, wrong: { invalid: 'url: is empty' } },
    );
    await manager.startAll();
    expect(states(manager)).toEqual({ old: 'incompatible', off: 'disabled', wrong: 'invalid_config' });
    expect(journal).toEqual([]);
    await expect(manager.enable('wrong')).rejects.toThrow('url: is empty');
  });

  it('waits in auth_required when credentials are refused', async () => {
    const manager = manage([
      inMemoryPlugin(plain('a', () => Promise.reject(new AuthError('wrong password')))),
    ]);
    await manager.startAll();
    expect(manager.describe('a')).toEqual({ state: 'auth_required', reason: 'wrong password' });
  });

  it('tries again with back-off while an upstream is not ready, and starts those that wait for it', async () => {
    let ready = false;
    const slow = plain('slow', () => {
      journal.push('slow: tried');
      if (!ready) throw new NotReadyError('the database is not up', { retryAfterMs: 5_000 });
    });
    const manager = manage([inMemoryPlugin(plain('user'), { uses: ['slow'] }), inMemoryPlugin(slow)]);
    await manager.startAll();
    expect(states(manager)).toEqual({ user: 'starting', slow: 'retrying' });
    expect(manager.describe('user')?.reason).toBe('waits for slow');
    expect(manager.ready()).toBe(true);

    await clock.advance(5_000);
    expect(states(manager).slow).toBe('retrying');
    ready = true;
    await clock.advance(5_000);
    expect(states(manager)).toEqual({ user: 'running', slow: 'running' });
    expect(journal.filter((line) => line === 'slow: tried')).toHaveLength(3);
  });

  it('names a circle and a missing provider', async () => {
    const manager = manage([
      inMemoryPlugin(plain('a'), { uses: ['b'] }),
      inMemoryPlugin(plain('b'), { uses: ['a'] }),
      inMemoryPlugin(plain('c'), { uses: ['ghost'] }),
    ]);
    await manager.startAll();
    expect(manager.describe('a')?.reason).toContain('circle');
    expect(manager.describe('c')?.reason).toContain('"ghost"');
  });

  it('does not run a plugin whose settings nobody has checked', async () => {
    const manager = manage([inMemoryPlugin(plain('a', () => void journal.push('ran')))], {
      a: { config: null },
    });
    await manager.startAll();
    expect(manager.describe('a')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('restart it'),
    });
    expect(journal).toEqual([]);
  });
});

describe('stopping', () => {
  it('closes the entrances, then undoes effects in reverse, then the services', async () => {
    const manager = manage([
      inMemoryPlugin(
        plain('a', (ctx) => {
          ctx.effect(() => void journal.push('a: first effect undone'));
          ctx.effect(() => void journal.push('a: second effect undone'));
          ctx.signal.addEventListener('abort', () => journal.push('a: signal aborted'));
        }),
      ),
    ]);
    await manager.startAll();
    journal.length = 0;
    await manager.stopAll();
    expect(journal).toEqual([
      'a: unmounted',
      'a: disarmed',
      'a: signal aborted',
      'a: second effect undone',
      'a: first effect undone',
      'a: routes closed',
      'a: jobs closed',
      'a: health closed',
      'a: events closed',
      'a: resilience closed',
      'a: metrics closed',
      'a: storage closed',
    ]);
    expect(states(manager)).toEqual({ a: 'stopped' });
  });

  it('does not start a plugin again that was retrying', async () => {
    const manager = manage([inMemoryPlugin(plain('a', () => Promise.reject(new NotReadyError('later'))))]);
    await manager.startAll();
    await manager.stopAll();
    await clock.advance(3_600_000);
    expect(states(manager)).toEqual({ a: 'stopped' });
    expect(clock.pending).toBe(0);
  });
});

describe('changing at run time', () => {
  const TOKEN = createToken<number>('base.number');

  it('stops those that use a provider before it, and starts them again after it', async () => {
    let number = 0;
    const base = plain('base', (ctx) => void ctx.services.provide(TOKEN, ++number));
    const user = plain('user', (ctx) => void journal.push(`user: got ${ctx.services.use(TOKEN)}`));
    const manager = manage([
      inMemoryPlugin(user, { uses: ['base'] }),
      inMemoryPlugin(base, { provides: ['base.number'] }),
    ]);
    await manager.startAll();
    await manager.restart('base');
    expect(journal.filter((line) => line.startsWith('user: got'))).toEqual(['user: got 1', 'user: got 2']);
    expect(journal.indexOf('user: storage closed')).toBeLessThan(journal.indexOf('base: storage closed'));
    expect(states(manager)).toEqual({ user: 'running', base: 'running' });
  });

  it('disables with its users, and enables again', async () => {
    const manager = manage([
      inMemoryPlugin(plain('user'), { uses: ['base'] }),
      inMemoryPlugin(plain('base')),
    ]);
    await manager.startAll();
    await manager.disable('base');
    expect(states(manager)).toEqual({ user: 'starting', base: 'disabled' });
    await manager.enable('base');
    expect(states(manager)).toEqual({ user: 'running', base: 'running' });
  });

  it('refuses to disable what is required, to restart what is disabled, and an unknown id', async () => {
    const manager = manage([inMemoryPlugin(plain('a')), inMemoryPlugin(plain('b'))], {
      a: { required: true },
      b: { enabled: false },
    });
    await manager.startAll();
    expect(() => manager.disable('a')).toThrow('required');
    expect(() => manager.restart('b')).toThrow('disabled');
    expect(() => manager.enable('ghost')).toThrow('there is no plugin "ghost"');
  });

  it('reads the configuration again at a restart', async () => {
    const settings: Record<string, Partial<PluginSettings>> = { a: { invalid: 'url: is empty' } };
    const manager = manage(
      [inMemoryPlugin(plain('a', (ctx) => void journal.push(`a: ${JSON.stringify(ctx.config)}`)))],
      settings,
    );
    await manager.startAll();
    expect(states(manager)).toEqual({ a: 'invalid_config' });
    settings.a = { config: { url: 'http://music' } };
    await manager.restart('a');
    expect(journal[0]).toBe('a: {"url":"http://music"}');
  });

  it('does one change at a time', async () => {
    const manager = manage([inMemoryPlugin(plain('a'))]);
    await manager.startAll();
    await Promise.all([manager.restart('a'), manager.restart('a'), manager.restart('a')]);
    expect(journal.filter((line) => line === 'a: mounted')).toHaveLength(4);
    expect(journal.filter((line) => line === 'a: storage closed')).toHaveLength(3);
  });

  it('is degraded while its health is not good', async () => {
    const manager = manage([inMemoryPlugin(plain('a'))]);
    await manager.startAll();
    manager.reportHealth('a', 'unhealthy', 'the server is away');
    expect(manager.describe('a')).toEqual({ state: 'degraded', reason: 'the server is away' });
    manager.reportHealth('a', 'healthy', null);
    expect(manager.describe('a')).toEqual({ state: 'running', reason: null });
    expect((await manager.detail('a'))?.states.map(({ state }) => state)).toEqual([
      'starting',
      'running',
      'degraded',
      'running',
    ]);
  });

  it('refuses connection tests of a plugin that does not run, and reports those that throw', async () => {
    const manager = manage([
      inMemoryPlugin(
        plain('a', (ctx) => {
          ctx.check(async () => [{ name: 'one', status: 'healthy' }]);
          ctx.check(() => Promise.reject(new Error('refused')));
        }),
      ),
    ]);
    await expect(manager.check('a')).rejects.toThrow('cannot be checked');
    await manager.startAll();
    expect(await manager.check('a')).toMatchObject([
      { name: 'one', status: 'healthy' },
      { name: 'a', status: 'unhealthy', message: 'refused' },
    ]);
  });

  it('refuses what a plugin registers after its stop, when nobody would undo it', async () => {
    let kept: PluginContext | undefined;
    const manager = manage([
      inMemoryPlugin(
        plain('a', (ctx) => {
          kept = ctx;
        }),
      ),
    ]);
    await manager.startAll();
    await manager.disable('a');
    const ctx = kept!;
    const late: (() => unknown)[] = [
      () => ctx.http.routes(() => {}),
      () => ctx.http.schema('Late', z.string()),
      () => ctx.jobs.define({ name: 'late', run: () => {} }),
      () => ctx.metrics.counter({ name: 'atoll_a_late_total', help: 'late' }),
      () => ctx.health.check('late', () => ({ status: 'healthy' })),
      () => ctx.events.on(defineEvent('a.late', z.string()), () => {}),
      () => ctx.services.provide(createToken('a.late'), 1),
      () => ctx.resilience.policy('late'),
      () => ctx.check(async () => []),
      () => ctx.effect(() => {}),
    ];
    for (const register of late) expect(register).toThrow('a has stopped and can register nothing more');
    await expect(ctx.timed('the last thing', () => 1)).resolves.toBe(1);
  });

  it('hides secrets in what a plugin says of its failure and its connections', async () => {
    let broken = true;
    const manager = manage([
      inMemoryPlugin(
        plain('a', (ctx) => {
          if (broken) throw new Error('hunter2 was refused');
          ctx.check(async () => [
            { name: 'one', status: 'unhealthy', message: 'not hunter2', hint: 'hunter2?' },
          ]);
        }),
      ),
    ]);
    await manager.startAll();
    expect(manager.describe('a')).toEqual({ state: 'failed', reason: '*** was refused' });
    broken = false;
    await manager.restart('a');
    expect(await manager.check('a')).toEqual([
      { name: 'one', status: 'unhealthy', message: 'not ***', hint: '***?' },
    ]);
  });
});
