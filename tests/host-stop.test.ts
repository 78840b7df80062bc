import type { RunRecord } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AtollFolder } from './support/atoll-folder.ts';
import type { HostProcess } from './support/host-process.ts';
import { probePlugin } from './support/repository.ts';
import { waitFor } from './support/wait-for.ts';

let folder: AtollFolder;

beforeEach(() => {
  folder = new AtollFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const start = (env: Record<string, string> = {}): Promise<HostProcess> =>
  folder.start({ plugins: [probePlugin], env });

/** Accepts a run and waits until its job works on it. */
async function working(host: HostProcess, job: string): Promise<string> {
  const run = await host.accept(job);
  await host.runIn('running', run);
  return run;
}

/** The runs of a job, latest first, without their ids. */
async function outcomes(host: HostProcess, job: string): Promise<string[]> {
  const { items } = await host.call<{ items: RunRecord[] }>(`/api/v1/runs?job=${job}`);
  return items.map(({ trigger, outcome, state }) => `${trigger} ${outcome ?? state}`);
}

describe('SIGTERM during a run', () => {
  it('ends it as interrupted, exits with 0, and lets run again what asked for that', async () => {
    let host = await start();
    const [retried, final] = [await working(host, 'probe/wait'), await working(host, 'probe/wait-once')];
    const began = performance.now();
    expect(await host.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(host.stdout.join('\n')).toContain('SIGTERM received: stopping');
    expect(host.stderr).toEqual([]);

    host = await start();
    expect(await host.run(final)).toMatchObject({ state: 'finished', outcome: 'interrupted' });
    expect(await host.run(retried)).toMatchObject({ state: 'finished', outcome: 'interrupted' });
    await waitFor('the run that repeats it', async () =>
      (await outcomes(host, 'probe/wait')).includes('retry succeeded'),
    );
    expect(await outcomes(host, 'probe/wait')).toEqual(['retry succeeded', 'api interrupted']);
    expect(await outcomes(host, 'probe/wait-once')).toEqual(['api interrupted']);
  });

  it('does not wait for a run that ignores it longer than http.shutdownMs', async () => {
    folder.write('atoll.yaml', 'http:\n  shutdownMs: 500ms\n');
    let host = await start();
    const run = await working(host, 'probe/stubborn');
    const began = performance.now();
    expect(await host.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(8_000);

    host = await start();
    expect(await host.run(run)).toMatchObject({ state: 'finished', outcome: 'interrupted' });
  });

  it('ends at once at a second signal, and nothing accepted is lost by that', async () => {
    folder.write('atoll.yaml', 'http:\n  shutdownMs: 5m\n');
    let host = await start();
    const stubborn = await working(host, 'probe/stubborn');
    host.signal('SIGTERM');
    await waitFor('the stop has begun', () => host.stdout.some((line) => line.includes('SIGTERM received')));
    const began = performance.now();
    host.signal('SIGINT');
    expect(await host.ended).toEqual({ code: 1, signal: null });
    expect(performance.now() - began).toBeLessThan(2_000);

    host = await start();
    expect(await host.run(stubborn)).toMatchObject({ state: 'finished', outcome: 'interrupted' });
  });
});

describe('kill -9', () => {
  it('costs no accepted run and no token, and marks what it cut off', async () => {
    let host = await start();
    const cutOff = await working(host, 'probe/wait-once');
    const repeated = await working(host, 'probe/wait');
    const queued = await host.accept('probe/wait');
    expect((await host.run(queued)).state).toBe('queued');
    const { token } = await host.call<{ token: string }>('/api/v1/tokens', {
      method: 'POST',
      body: { name: 'reader', scopes: ['read'] },
    });
    const note = await host.request('/api/plugins/probe/notes', { method: 'POST', body: { text: 'kept' } });
    expect(note.status).toBe(201);
    expect(await host.kill()).toEqual({ code: null, signal: 'SIGKILL' });

    host = await start();
    expect(await host.run(cutOff)).toMatchObject({ state: 'finished', outcome: 'interrupted' });
    expect(await host.run(repeated)).toMatchObject({ state: 'finished', outcome: 'interrupted' });
    expect(host.stdout.join('\n')).toContain('2 runs were cut off when the process ended');
    expect((await host.request('/api/plugins/probe/notes', { token })).json()).toEqual({ count: 1 });
    // Whatever order the two come in: the queued one waits to be ended, as it did when it was accepted.
    await host.runIn('running', queued);
    await host.request(`/api/v1/runs/${queued}/cancel`, { method: 'POST' });
    expect(await host.runIn('finished', queued)).toMatchObject({ outcome: 'cancelled', trigger: 'api' });
    await waitFor('the run that repeats the one cut off', async () =>
      (await outcomes(host, 'probe/wait')).includes('retry succeeded'),
    );
    expect((await host.stop()).code).toBe(0);
  });

  it('leaves nothing behind that hinders the next start or a command', async () => {
    const first = await start();
    await first.kill();
    const list = await folder.cli('plugins', 'list');
    expect(list.code).toBe(1);
    expect(list.stderr).toContain('no host runs on the data folder');

    const second = await start();
    expect((await folder.cli('plugins', 'list')).code).toBe(0);
    expect((await second.stop()).code).toBe(0);
  });
});
