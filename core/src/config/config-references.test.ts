// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written like that in a config file.
import { describe, expect, it } from 'vitest';
import { loadYaml, problemLines } from './config.fixture.js';

describe('references', () => {
  it('are filled in, and read as the kind of value the field takes', async () => {
    const config = await loadYaml(
      [
        'http: {port: "${env:MY_PORT}"}',
        'plugins:',
        '  radio:',
        '    config:',
        '      server: {url: "http://${env:MY_HOST:-nav}:4533/", password: "${file:pw.txt}"}',
        '      genres: "${env:MY_GENRES}"',
        '      loud: "${env:MY_LOUD:-yes}"',
        '      mode: calm',
        '      keys: [{name: "$${env:X}", token: "${env:MY_TOKEN}"}]',
      ].join('\n'),
      {
        files: { 'pw.txt': 'from-file\n', 'token.txt': 'from-token-file' },
        env: { MY_PORT: '4800', MY_GENRES: 'jazz, soul', MY_TOKEN_FILE: 'token.txt' },
      },
    );
    expect(config.problems).toEqual([]);
    expect(config.host.http.port).toBe(4800);
    expect(config.plugins.get('radio')?.config).toMatchObject({
      server: { url: 'http://nav:4533', password: 'from-file' },
      genres: ['jazz', 'soul'],
      loud: true,
      keys: [{ name: '${env:X}', token: 'from-token-file' }],
    });
    expect(config.secrets.values).toEqual(expect.arrayContaining(['from-file', 'from-token-file']));
  });

  it('that lead nowhere are problems with their line', async () => {
    const config = await loadYaml(
      [
        'http:',
        '  port: ${env:NO_PORT}',
        '  host: ${file:no/such/file}',
        'timezone: ${HOME}',
        'log:',
        '  level: "${env:OPEN"',
        'plugins:',
        '  radio:',
        '    config:',
        '      size: "${env:WORDS}"',
      ].join('\n'),
      { env: { WORDS: 'many' } },
    );
    expect(problemLines(config)).toEqual([
      '2 http.port refers to the variable NO_PORT, which is not set',
      expect.stringMatching(/^3 http\.host names .*no\/such\/file, which cannot be read \(ENOENT\)$/),
      '4 timezone has an unknown reference ${HOME}',
      '6 log.level has a reference without its closing }',
      '10 plugins.radio.config.size refers to text that is not a number',
    ]);
    expect(JSON.stringify(config.problems)).not.toContain('"many"');
  });

  it('are not shown by problems of their value', async () => {
    const config = await loadYaml(
      'plugins: {radio: {config: {size: "${file:size.txt}", mode: "${env:MODE}"}}}',
      {
        files: { 'size.txt': '777' },
        env: { MODE: 'sesame' },
      },
    );
    expect(config.problems).toMatchObject([{ received: null }, { received: null }]);
    expect(JSON.stringify(config.problems)).not.toMatch(/777|sesame/);
  });

  it('tell of a variable that contradicts itself', async () => {
    const config = await loadYaml('timezone: ${env:ZONE}', { env: { ZONE: 'UTC', ZONE_FILE: 'zone' } });
    expect(problemLines(config)).toEqual([
      '1 timezone refers to ZONE, which is set twice, as ZONE and as ZONE_FILE',
    ]);
  });
});
