import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobWorld } from './job-world.fixture.js';
import { type RunFilter, selectRuns } from './run-store.js';

let world: JobWorld;
beforeEach(async () => {
  world = await JobWorld.create();
});
afterEach(() => world.close());

describe('the list of runs', () => {
  it.each<[RunFilter, string]>([
    [{}, 'sqlite_autoindex_job_runs_1'],
    [{ job: 'p/a' }, 'job_runs_job '],
    [{ outcome: 'failed' }, 'job_runs_outcome '],
    [{ job: 'p/a', outcome: 'failed' }, 'job_runs_job_outcome '],
    [{ state: 'queued' }, 'job_runs_open '],
    [{ state: 'running', job: 'p/a' }, 'job_runs_open '],
    [{ state: 'finished', job: 'p/a' }, 'job_runs_job '],
    [{ job: 'p/a', cursor: 'x' }, 'job_runs_job '],
  ])('reads %j in order from an index', async (filter, index) => {
    const query = selectRuns(world.db, filter).compile();
    let next = 0;
    const text = query.sql.replaceAll('?', () => `'${String(query.parameters[next++])}'`);
    const plan = await sql<{ detail: string }>`explain query plan ${sql.raw(text)}`.execute(world.db);
    const said = plan.rows.map(({ detail }) => detail).join('; ');
    expect(`${said} `).toContain(index);
    expect(said).not.toContain('TEMP B-TREE');
  });
});
