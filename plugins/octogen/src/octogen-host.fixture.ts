import type { RunRecord } from '@atoll/sdk';
import { createTestHost, type TestHost, type TestHostOptions } from '@atoll/sdk/testing';
import { octogen } from './octogen.js';
import { type GenerationResult, generationResult } from './run/generation-result.js';
import { FakeSubsonic, type FakeSubsonicOptions } from './server/fake-subsonic.fixture.js';
import { fakeSongs } from './server/fake-subsonic-data.fixture.js';

/** The real host with octogen, in front of a fake music server. */
export class OctogenHost implements AsyncDisposable {
  readonly subsonic: FakeSubsonic;
  readonly host: TestHost;

  private constructor(subsonic: FakeSubsonic, host: TestHost) {
    this.subsonic = subsonic;
    this.host = host;
  }

  /** `config` is joined to the address and account of the server; `also` names further addresses that may be reached. */
  static async start(
    options: {
      server?: FakeSubsonicOptions;
      config?: Record<string, unknown>;
      also?: string[];
      host?: Partial<TestHostOptions>;
    } = {},
  ): Promise<OctogenHost> {
    const subsonic = await FakeSubsonic.start({ songs: fakeSongs(60, 10), ...options.server });
    const { url, username: user, password } = subsonic;
    const host = await createTestHost({
      plugins: [octogen],
      network: [new URL(url).host, ...(options.also ?? [])],
      config: { octogen: { navidrome: { url, user, password }, ...options.config } },
      ...options.host,
    });
    return new OctogenHost(subsonic, host);
  }

  /** Runs `octogen/generate` to its end, which must be a good one. */
  async generate(input: object = {}): Promise<GenerationResult> {
    const run = await this.run(input);
    if (run.outcome !== 'succeeded') throw new Error(`the run ${run.outcome}: ${JSON.stringify(run.error)}`);
    return generationResult.strict().parse(run.result);
  }

  run(input: object = {}): Promise<RunRecord> {
    return this.host.jobs.run('octogen/generate', input);
  }

  /** As `run`, with time passing, so that retries and time limits take their course. */
  async runWhileTimePasses(input: object = {}): Promise<RunRecord> {
    const runId = await this.host.jobs.start('octogen/generate', input);
    let ended = false;
    const settled = this.host.jobs.settled(runId).finally(() => {
      ended = true;
    });
    while (!ended) {
      await this.host.clock.advance(1_000);
      // Answers of the servers arrive in real time.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return settled;
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.host.request(`/api/plugins/octogen/${path}`);
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${response.body}`);
    return response.json<T>();
  }

  /** Song ids of the server's playlists, by name. */
  get lists(): Map<string, string[]> {
    return new Map([...this.subsonic.playlists.values()].map((list) => [list.name, list.songIds]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.stop();
    await this.subsonic.stop();
  }
}
