import { createTestHost } from '@atoll/sdk/testing';
import { expect, it } from 'vitest';
import hello from './index.js';

it('greets over HTTP and waves each morning', async () => {
  await using host = await createTestHost({ plugins: [hello], config: { hello: { greeting: 'Ahoy' } } });

  const answer = await host.request('/api/plugins/hello/greet/Ada');
  expect(answer.json()).toEqual({ text: 'Ahoy, Ada.' });
  expect(await host.metric('atoll_hello_greetings_total')).toBe(1);

  await host.clock.advance(24 * 3_600_000);
  expect(await host.jobs.runs('hello/wave')).toMatchObject([{ trigger: 'schedule', outcome: 'succeeded' }]);
});
