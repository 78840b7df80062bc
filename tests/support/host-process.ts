import type { RunRecord } from '@atoll/sdk';
import { ChildProgram, type ProcessEnd } from './child-program.ts';
import { atollProgram } from './repository.ts';
import { waitFor } from './wait-for.ts';

export interface HostRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Instead of the admin token; null for none. */
  token?: string | null;
}

export interface HostAnswer {
  status: number;
  headers: Headers;
  body: string;
  json<T = unknown>(): T;
}

/** The built host in a process of its own, and its API. */
export class HostProcess implements AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly #program: ChildProgram;

  constructor(options: {
    port: number;
    token: string;
    args: readonly string[];
    cwd: string;
    env: NodeJS.ProcessEnv;
  }) {
    this.url = `http://127.0.0.1:${options.port}`;
    this.token = options.token;
    this.#program = new ChildProgram(process.execPath, [atollProgram, ...options.args], options);
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** Whole lines so far. */
  get stdout(): readonly string[] {
    return this.#program.stdout;
  }

  get stderr(): readonly string[] {
    return this.#program.stderr;
  }

  get ended(): Promise<ProcessEnd> {
    return this.#program.ended;
  }

  /** Waits until `/health/ready` says so; fails at once when the process ends first. */
  async ready(): Promise<this> {
    await waitFor('ready', async () => {
      if (!this.#program.running) {
        await this.ended;
        throw new Error(`the host ended before it was ready:\n${this.#program.output}`);
      }
      return (await this.answers('/health/ready'))?.status === 200;
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.#program.output}`);
    });
    return this;
  }

  /** Resolves to undefined while nobody listens. */
  async answers(path: string): Promise<HostAnswer | undefined> {
    try {
      return await this.request(path, { token: null });
    } catch {
      return undefined;
    }
  }

  /** A request to the API, signed in as administrator unless `token` says otherwise. */
  async request(path: string, request: HostRequest = {}): Promise<HostAnswer> {
    const { method = 'GET', headers, body, token = this.token } = request;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text,
      json: <T>() => JSON.parse(text) as T,
    };
  }

  /** The JSON of a request that has to succeed. */
  async call<T>(path: string, request: HostRequest = {}): Promise<T> {
    const answer = await this.request(path, request);
    if (answer.status >= 300)
      throw new Error(`${request.method ?? 'GET'} ${path}: ${answer.status} ${answer.body}`);
    return answer.json<T>();
  }

  /** Asks for a run of the job `<plugin>/<name>`; its id. */
  async accept(job: string, input: unknown = {}): Promise<string> {
    const path = `/api/v1/jobs/${encodeURIComponent(job)}/run`;
    const { runId } = await this.call<{ runId: string }>(path, { method: 'POST', body: { input } });
    return runId;
  }

  run(runId: string): Promise<RunRecord> {
    return this.call<RunRecord>(`/api/v1/runs/${runId}`);
  }

  /** Waits until a run is in `state`. */
  runIn(state: RunRecord['state'], runId: string): Promise<RunRecord> {
    return waitFor(`run ${runId} ${state}`, async () => {
      const run = await this.run(runId);
      return run.state === state && run;
    });
  }

  plugin(id: string): Promise<{ state: string; reason: string | null }> {
    return this.call(`/api/v1/plugins/${id}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#program.signal(signal);
  }

  /** Asks it to end by SIGTERM and waits until it has. */
  stop(): Promise<ProcessEnd> {
    this.signal('SIGTERM');
    return this.ended;
  }

  /** Ends it the hard way, as a power cut would. */
  kill(): Promise<ProcessEnd> {
    this.signal('SIGKILL');
    return this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }
}
