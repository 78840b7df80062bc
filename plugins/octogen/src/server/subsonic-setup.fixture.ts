import type { HttpRequest, HttpResponse, Resilience } from '@atoll/sdk';
import { onTestFinished } from 'vitest';
import { memoryLogger, resilienceFixture } from '../../../../core/src/resilience/resilience.fixture.js';
import { FakeSubsonic, type FakeSubsonicOptions } from './fake-subsonic.fixture.js';
import { fakeSongs } from './fake-subsonic-data.fixture.js';
import type { SubsonicCredentials } from './subsonic-auth.js';
import { SubsonicServer } from './subsonic-server.js';

export interface SetupOptions extends FakeSubsonicOptions {
  /** The URL to configure, where it is not the fake's own. */
  url?: (fake: FakeSubsonic) => string;
  credentials?: Partial<SubsonicCredentials>;
}

/** A fake server, stopped when the test has ended, and a client of it under the real protection on a fake clock. */
export async function setup({ url, credentials, ...options }: SetupOptions = {}) {
  const fake = await FakeSubsonic.start({ songs: fakeSongs(4, 3), ...options });
  onTestFinished(() => fake.stop());
  const { resilience, clock } = resilienceFixture();
  const { username, password } = fake;
  const settings = { url: url?.(fake) ?? fake.url, username, password, ...credentials };
  return { fake, clock, server: new SubsonicServer(resilience, settings, memoryLogger().logger) };
}

/** Protection whose client never leaves the process and answers with these envelopes. */
export function answering(answer: (request: HttpRequest) => object): Resilience {
  const { resilience } = resilienceFixture({ denyNetwork: true });
  const request = async (_path: string, sent: HttpRequest = {}): Promise<HttpResponse> => {
    const body = Buffer.from(JSON.stringify({ 'subsonic-response': answer(sent) }));
    const json = (): never => {
      throw new Error('the Subsonic client reads its answers itself');
    };
    return { status: 200, headers: {}, body, text: () => body.toString(), json };
  };
  return {
    policy: (name) => resilience.policy(name),
    budget: (name, options) => resilience.budget(name, options),
    client: (name) => ({ name, policy: resilience.policy(name), request }),
  };
}

/** Lets retries run on the fake clock until the call has ended. */
export async function ended<T>(
  clock: { advance(ms: number): Promise<void> },
  call: Promise<T>,
): Promise<PromiseSettledResult<T>> {
  let done = false;
  const settled = Promise.allSettled([call]).then(([result]) => {
    done = true;
    return result as PromiseSettledResult<T>;
  });
  for (let turn = 0; turn < 400 && !done; turn++) await clock.advance(250);
  return settled;
}
