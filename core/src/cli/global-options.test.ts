import { describe, expect, it } from 'vitest';
import { peek } from './global-options.js';

describe('peek', () => {
  it.each([
    ['nothing', [], undefined, {}],
    ['a command', ['jobs', 'list'], 'jobs', {}],
    ['options before it', ['--data', 'x', '-c', 'y.yaml', 'jobs'], 'jobs', { data: 'x', config: 'y.yaml' }],
    [
      'options after it',
      ['jobs', 'list', '--json', '--url=http://h'],
      'jobs',
      { json: true, url: 'http://h' },
    ],
    ['a value with an equals sign', ['--token=a=b', 'jobs'], 'jobs', { token: 'a=b' }],
    ['options it does not know', ['--help', 'jobs'], 'jobs', {}],
    ['several plugins', ['--plugin', 'a', 'start', '--plugin=b'], 'start', { plugin: ['a', 'b'] }],
    ['nothing after --', ['octogen', '--', '--json'], 'octogen', {}],
    ['a missing value', ['jobs', '--url'], 'jobs', { url: '' }],
  ])('finds %s', (_what, args, command, options) => {
    expect(peek(args)).toEqual({ command, options });
  });
});
