import { describe, expect, it } from 'vitest';
import { AtollFolder } from './support/atoll-folder.ts';
import type { HostProcess } from './support/host-process.ts';
import { probePlugin } from './support/repository.ts';
import { waitFor } from './support/wait-for.ts';

const echo = async (host: HostProcess): Promise<unknown> =>
  (await host.request('/api/plugins/probe/echo/word')).json();

// Most of them wait for a deadline of the host, so they do it together.
describe.concurrent('a broken plugin', () => {
  it('is left out with the reason when it throws at import, and stops no other', async () => {
    await using folder = new AtollFolder();
    const throws = folder.writePlugin('throws', "throw new Error('no such luck');");
    const gone = folder.writePlugin('gone', "import './missing.js';");
    const syntax = folder.writePlugin('syntax', 'export default {');
    const host = await folder.start({ plugins: [throws, gone, syntax, probePlugin] });
    expect(await host.plugin('throws')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('its entry ./index.js cannot be loaded: no such luck'),
    });
    expect(await host.plugin('gone')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('missing.js'),
    });
    expect((await host.plugin('syntax')).state).toBe('failed');
    expect(await host.plugin('probe')).toMatchObject({ state: 'running' });
    expect(await echo(host)).toEqual({ word: 'word' });
    expect((await host.stop()).code).toBe(0);
  });

  it('is given up when its setup does not end, while the others serve already', async () => {
    await using folder = new AtollFolder();
    const hangs = folder.writePlugin(
      'hangs',
      "export default { id: 'hangs', name: 'Hangs', setup: () => new Promise(() => {}) };",
    );
    const host = await folder.launch({ plugins: [hangs, probePlugin] });
    await waitFor('the probe serves', async () => (await host.answers('/health/live'))?.status === 200);
    await waitFor('the probe runs', async () => (await host.plugin('probe')).state === 'running');
    expect(await echo(host)).toEqual({ word: 'word' });
    expect((await host.request('/health/ready')).status).toBe(503);
    expect((await host.plugin('hangs')).state).toBe('starting');

    await waitFor('ready', async () => (await host.request('/health/ready')).status === 200, 60_000);
    expect(await host.plugin('hangs')).toMatchObject({
      state: 'failed',
      reason: 'hangs: its setup did not finish within 30000 ms',
    });
    expect((await host.stop()).code).toBe(0);
  });

  it('is given up at once when the host is told to end during its setup', async () => {
    await using folder = new AtollFolder();
    const hangs = folder.writePlugin(
      'hangs',
      "export default { id: 'hangs', name: 'Hangs', setup: () => new Promise(() => {}) };",
    );
    const host = await folder.launch({ plugins: [hangs, probePlugin] });
    await waitFor('the host serves', async () => (await host.answers('/health/live'))?.status === 200);
    await waitFor('the setup hangs', async () => (await host.plugin('hangs')).state === 'starting');
    const began = performance.now();
    expect(await host.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(host.stdout.join('\n')).not.toContain('did not start');
  });

  it('is given up when its entry is never evaluated, and the host starts', async () => {
    await using folder = new AtollFolder();
    const hangs = folder.writePlugin('hangs', 'await new Promise(() => {}); export default {};');
    const host = await folder.launch({ plugins: [hangs, probePlugin] });
    await waitFor('ready', async () => (await host.answers('/health/ready'))?.status === 200, 100_000);
    expect(await host.plugin('hangs')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('its evaluation did not end within'),
    });
    expect(await host.plugin('probe')).toMatchObject({ state: 'running' });
  });

  it('does not keep the host from ending when a disposer hangs or throws', async () => {
    await using folder = new AtollFolder();
    const clings = folder.writePlugin(
      'clings',
      `export default { id: 'clings', name: 'Clings', setup(ctx) {
        ctx.effect(() => new Promise(() => {}), 'hangs');
        ctx.effect(() => { throw new Error('will not let go'); }, 'throws');
      } };`,
    );
    const host = await folder.start({ plugins: [clings, probePlugin] });
    expect(await host.stop()).toEqual({ code: 0, signal: null });
    const log = host.stdout.join('\n');
    expect(log).toMatch(/throws is left behind/);
    expect(log).toMatch(/hangs is left behind/);
    expect(host.stdout.at(-1)).toMatch(/stopped$/);
  });

  it('can register nothing after its stop, and is told so', async () => {
    await using folder = new AtollFolder();
    const late = folder.writePlugin(
      'late',
      `let earlier;
       const tries = {
         route: (ctx) => ctx.http.routes((app) => app.get('/late', () => 'late')),
         job: (ctx) => ctx.jobs.define({ name: 'late', run: () => {} }),
         metric: (ctx) => ctx.metrics.counter({ name: 'atoll_late_total', help: 'Late' }),
         check: (ctx) => ctx.health.check('late', () => ({ status: 'unhealthy' })),
         policy: (ctx) => ctx.resilience.policy('late'),
         effect: (ctx) => ctx.effect(() => {}),
         query: (ctx) => ctx.storage.kv.set('late', 1),
       };
       export default { id: 'late', name: 'Late', setup(ctx) {
         if (!earlier) { earlier = ctx; return; }
         ctx.http.routes((app) => app.get('/tries', async () => Object.fromEntries(await Promise.all(
           Object.entries(tries).map(async ([what, register]) => {
             try { await register(earlier); return [what, 'taken']; } catch (error) { return [what, error.message]; }
           })))));
       } };`,
    );
    const host = await folder.start({ plugins: [late] });
    await host.call('/api/v1/plugins/late/restart', { method: 'POST' });
    const tries = await host.call<Record<string, string>>('/api/plugins/late/tries');
    expect(Object.entries(tries).filter(([, answer]) => answer === 'taken')).toEqual([]);
    expect((await host.request('/api/plugins/late/late')).status).toBe(404);
    expect((await host.request('/metrics')).body).not.toContain('atoll_late_total');
  });

  it('that throws when nobody listens is named, and the host stops in order', async () => {
    await using folder = new AtollFolder();
    const throws = folder.writePlugin(
      'late',
      `export default { id: 'late', name: 'Late', setup(ctx) {
         ctx.effect(() => ctx.logger.info('undone'));
         setTimeout(() => { throw new Error('long after setup'); }, 300);
       } };`,
    );
    const host = await folder.launch({ plugins: [throws] });
    expect(await host.ended).toEqual({ code: 1, signal: null });
    const output = host.stdout.join('\n');
    expect(output).toContain('The plugin late threw, and nobody caught an error: long after setup; stopping');
    expect(output).toContain('undone');
  });
});
