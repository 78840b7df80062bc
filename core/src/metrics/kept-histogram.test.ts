import { expect, it } from 'vitest';
import { writeExposition } from './exposition.js';
import { KeptHistogram } from './kept-histogram.js';

it('publishes what a histogram publishes', () => {
  const histogram = new KeptHistogram({
    name: 'wait_seconds',
    help: 'Waits.',
    labels: ['door'],
    buckets: [0.1, 1],
  });
  const front = histogram.series({ door: 'front' });
  for (const value of [0.05, 0.1, 0.5, 7]) front.observe(value);
  histogram.series({ door: 'back' });
  expect(writeExposition([histogram.collect()])).toBe(
    [
      '# HELP wait_seconds Waits.',
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{door="front",le="0.1"} 2',
      'wait_seconds_bucket{door="front",le="1"} 3',
      'wait_seconds_bucket{door="front",le="+Inf"} 4',
      'wait_seconds_sum{door="front"} 7.65',
      'wait_seconds_count{door="front"} 4',
      'wait_seconds_bucket{door="back",le="0.1"} 0',
      'wait_seconds_bucket{door="back",le="1"} 0',
      'wait_seconds_bucket{door="back",le="+Inf"} 0',
      'wait_seconds_sum{door="back"} 0',
      'wait_seconds_count{door="back"} 0',
      '',
    ].join('\n'),
  );
});
