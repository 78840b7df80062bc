import type { HttpRequest, HttpResponse, Resilience } from '@atoll/sdk';
import { createTestContext } from '@atoll/sdk/testing';
import { onTestFinished } from 'vitest';
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
  const context = await createTestContext({ network: [new URL(fake.url).host] });
  onTestFinished(context.stop);
  const { resilience, clock, logger } = context;
  const { username, password } = fake;
  const settings = { url: url?.(fake) ?? fake.url, username, password, ...credentials };
  return { fake, clock, server: new SubsonicServer(resilience, settings, logger) };
}

/** The same protection, whose client never leaves the process and answers with these envelopes. */
export function answering(resilience: Resilience, answer: (request: HttpRequest) => object): Resilience {
  const request = async (_path: string, sent: HttpRequest = {}): Promise<HttpResponse> => {
    const body = Buffer.from(JSON.stringify({ 'subsonic-response': answer(sent) }));
    const json = (): never => {
      throw new Error('the Subsonic client reads its answers itself');
    };
    return { status: 200, headers: {}, body, text: () => body.toString(), json };
  };
  return {
    policy: (name, options) => resilience.policy(name, options),
    budget: (name, options) => resilience.budget(name, options),
    client: (name) => ({ name, policy: resilience.policy(name), request }),
  };
}

/** What a promise is rejected with; fails where it is not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const [result] = await Promise.allSettled([promise]);
  if (result.status === 'rejected') return result.reason as Error;
  throw new Error('it should have failed');
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
