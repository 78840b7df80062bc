import { expect, it } from 'vitest';
import { configProblem } from './config-problem.js';
import { formatProblems } from './format-problems.js';

it('puts problems under the file or the environment they come from, in order', () => {
  const file = '/srv/atoll/atoll.yaml';
  const text = formatProblems(
    [
      configProblem({
        file,
        line: 9,
        column: 3,
        path: 'log.level',
        message: 'must be one of info, warn, not "loud"',
      }),
      configProblem({
        variable: 'ATOLL_PORT',
        path: 'http.port',
        message: 'must be a number, not "x"',
        hint: 'correct ATOLL_PORT',
      }),
      configProblem({
        file,
        line: 2,
        column: 5,
        path: 'http.prot',
        message: 'is an unknown key',
        hint: 'did you mean port?',
      }),
      configProblem({
        file: '/etc/.env',
        line: 1,
        variable: 'TZ',
        path: 'timezone',
        message: 'must be an IANA time zone',
      }),
      configProblem({ path: 'http.port', message: 'must be a number, not "y"' }),
      configProblem({ plugin: 'radio', path: 'plugins.radio', message: 'is missing' }),
      configProblem({ variable: 'ATOLL_CONFIG', message: 'names nothing' }),
    ],
    '/srv/atoll',
  );
  expect(text).toBe(
    [
      'The configuration has 7 problems:',
      '',
      'atoll.yaml',
      '  2:5  http.prot is an unknown key',
      '    hint: did you mean port?',
      '  9:3  log.level must be one of info, warn, not "loud"',
      '',
      'environment',
      '  ATOLL_PORT (http.port) must be a number, not "x"',
      '    hint: correct ATOLL_PORT',
      '  ATOLL_CONFIG names nothing',
      '',
      '/etc/.env',
      '  1:1  TZ (timezone) must be an IANA time zone',
      '',
      'settings',
      '  http.port must be a number, not "y"',
      '',
      'plugin radio',
      '  plugins.radio is missing',
    ].join('\n'),
  );
});

it('says so when there is nothing to say', () => {
  expect(formatProblems([])).toBe('The configuration has no problems.');
});
