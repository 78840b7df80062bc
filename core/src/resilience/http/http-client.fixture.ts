import type { HttpClientOptions } from '@atoll/sdk';
import { expect, onTestFinished } from 'vitest';
import type { FakeClock } from '../../clock/fake-clock.js';
import { resilienceFixture } from '../resilience.fixture.js';
import type { ResilienceServiceOptions } from '../resilience-service.js';

/** The client `radarr` of the plugin `demo`, without retries unless `options` say otherwise; closed when the test ends. */
export function clientFixture(
  baseUrl: string,
  options: Partial<HttpClientOptions> = {},
  service: Partial<ResilienceServiceOptions> = {},
) {
  const fixture = resilienceFixture(service);
  onTestFinished(() => fixture.resilience.dispose());
  const own = fixture.resilience.client('radarr', { baseUrl, policy: { retry: false }, ...options });
  return { ...fixture, client: own };
}

/** Gives sockets their turns, without letting time pass, until `done`. */
export async function until(clock: FakeClock, done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !done(); turn++) await clock.advance(0);
  expect(done()).toBe(true);
}

/** The same until `promise` has settled. */
export async function settled<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  promise.then(end, end);
  await until(clock, () => over);
  return promise;
}
