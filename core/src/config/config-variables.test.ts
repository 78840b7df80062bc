import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { httpUrl } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { folderWith, load, radio } from './config.fixture.js';
import { valueAt } from './config-path.js';

describe('variables', () => {
  it.each([
    ['RADIO_SIZE', '12', { size: 12 }],
    ['RADIO_LOUD', 'On', { loud: true }],
    ['RADIO_LOUD', '0', { loud: false }],
    ['RADIO_MODE', 'LIVELY', { mode: 'lively' }],
    ['RADIO_GENRES', 'jazz, soul,', { genres: ['jazz', 'soul'] }],
    ['RADIO_GENRES', '["a,b"]', { genres: ['a,b'] }],
    ['RADIO_WEIGHTS', '{"jazz": 2}', { weights: { jazz: 2 } }],
    ['RADIO_URL', 'http://nav/', { server: { url: 'http://nav' } }],
    ['RADIO_PASS', 'old-name', { server: { password: 'old-name' } }],
    ['ATOLL__PLUGINS__RADIO__CONFIG__SERVER__URL', 'http://x', { server: { url: 'http://x' } }],
    ['atoll__plugins__radio__config__size', '9', { size: 9 }],
  ])('%s=%s', async (name, text, expected) => {
    const config = await load({ env: { [name]: text } });
    expect(config.problems).toEqual([]);
    expect(config.plugins.get('radio')?.config).toMatchObject(expected);
  });

  it.each([
    ['RADIO_SIZE', 'many', 'must be a number, not "many"'],
    ['RADIO_SIZE', '1000', 'must be a whole number from 1 to 100 (songs), not 1000'],
    ['RADIO_LOUD', 'perhaps', 'must be true or false (also 1, yes, on; 0, no, off), not "perhaps"'],
    ['RADIO_MODE', 'livly', 'must be one of calm, lively, not "livly"'],
    ['RADIO_WEIGHTS', 'jazz=2', 'must be a JSON object, not "jazz=2"'],
    ['RADIO_PASSWORD', 'abc', 'must be text of at least 4 characters'],
    ['ATOLL_PORT', 'x', 'must be a number, not "x"'],
    ['METRICS_PORT', '70000', 'must be a whole number from 1 to 65535, not 70000'],
    ['CIRCUIT_BREAKER_TIMEOUT', 'soon', 'must be a duration such as 30s, 5m or 6h, not "soon"'],
    ['TZ', 'Europe/Berln', 'must be an IANA time zone, not "Europe/Berln"'],
    ['ATOLL__HTTP__PROT', '1', 'names "prot", which http does not have'],
    ['ATOLL__PLUGINS__RADIO__CONFIG____PROTO____X', '1', 'has an empty part'],
  ])('%s=%s is a problem that names the variable', async (name, text, message) => {
    const config = await load({ env: { [name]: text } });
    expect(config.problems).toMatchObject([{ variable: name, message, file: null }]);
  });

  it('give the public address without a slash at the end', async () => {
    const config = await load({ env: { ATOLL_PUBLIC_URL: 'https://home.example.org/atoll/' } });
    expect(config.host.http.publicUrl).toBe('https://home.example.org/atoll');
  });

  it('in .env have a line', async () => {
    const config = await load({ files: { '.env': '# x\n\nRADIO_SIZE=many\n' } });
    expect(config.problems).toMatchObject([
      { variable: 'RADIO_SIZE', line: 3, file: config.envFile, plugin: 'radio' },
    ]);
  });

  it('are found as secrets first, then as files, then as text', async () => {
    const files = {
      'secrets/radio_password': ' from-secret \n',
      pw: 'from-pw-file\n',
      '.env': 'RADIO_PASSWORD=from-dotenv',
    };
    const password = async (options: Parameters<typeof load>[0]): Promise<unknown> => {
      const config = await load(options);
      expect(config.problems).toEqual([]);
      return valueAt(config.plugins.get('radio')?.config, ['server', 'password']);
    };
    expect(await password({ files, env: { RADIO_PASSWORD_FILE: 'pw' } })).toBe('from-secret');
    const { 'secrets/radio_password': _, ...noSecret } = files;
    expect(await password({ files: noSecret, env: { RADIO_PASSWORD_FILE: 'pw' } })).toBe('from-pw-file');
    expect(await password({ files: noSecret, env: { RADIO_PASSWORD: 'from-env' } })).toBe('from-env');
    expect(await password({ files: noSecret })).toBe('from-dotenv');
    expect(await password({ files: { ...noSecret, 'secrets/radio_password': ' \n' } })).toBe('from-dotenv');
  });

  it('that are no secrets are not read from /run/secrets', async () => {
    const config = await load({ files: { 'secrets/radio_size': '3' } });
    expect(config.plugins.get('radio')?.config).toMatchObject({ size: 25 });
  });

  it('work as …_FILE, by any name', async () => {
    const files = { size: '33', port: '4999' };
    const env = {
      ATOLL__PLUGINS__RADIO__CONFIG__SIZE_FILE: 'size',
      ATOLL_PORT_FILE: 'port',
      ATOLL__LOG__FILE: 'atoll.log',
    };
    const config = await load({ files, env });
    expect(config.problems).toEqual([]);
    expect(config.plugins.get('radio')?.config).toMatchObject({ size: 33 });
    expect(config.host.http.port).toBe(4999);
    expect(config.host.log.file).toMatch(/\/atoll\.log$/);
  });

  it.each([
    [{ RADIO_SIZE: '1', RADIO_SIZE_FILE: 'size' }, 'is set twice, as RADIO_SIZE and as RADIO_SIZE_FILE'],
    [{ RADIO_SIZE_FILE: 'nothing' }, 'which cannot be read (ENOENT)'],
    [{ RADIO_SIZE_FILE: '.' }, 'which is no file'],
    [{ RADIO_SIZE_FILE: 'empty' }, 'names the empty file empty'],
  ])('%j is a problem', async (env, message) => {
    const config = await load({ files: { size: '3', empty: '\n' }, env });
    expect(config.problems).toMatchObject([{ plugin: 'radio', message: expect.stringContaining(message) }]);
  });

  it('from files are not shown in problems', async () => {
    const config = await load({
      files: { size: '777', mode: 'sesame' },
      env: { RADIO_SIZE_FILE: 'size', RADIO_MODE_FILE: 'mode' },
    });
    expect(config.problems).toMatchObject([{ received: null }, { received: null }]);
    expect(JSON.stringify(config.problems)).not.toMatch(/777|sesame/);
  });

  it('tell which of two names is not used', async () => {
    const config = await load({ env: { RADIO_PASSWORD: 'one-one', RADIO_PASS: 'two-two' } });
    expect(config.notices).toEqual(['RADIO_PASS is not used, as RADIO_PASSWORD is set too.']);
    expect((await load({ env: { RADIO_PASSWORD: 'same', RADIO_PASS: 'same' } })).notices).toEqual([]);
  });

  it('are listed with their readers and where their value stands', async () => {
    const config = await load({ env: { RADIO_SIZE: '3' } });
    expect(config.variables).toContainEqual({
      name: 'RADIO_SIZE',
      secret: false,
      readers: [{ plugin: 'radio', path: 'plugins.radio.config.size' }],
      source: 'environment',
    });
    expect(config.variables).toContainEqual({
      name: 'RADIO_PASS',
      secret: true,
      readers: [expect.anything()],
      source: null,
    });
    expect(config.variables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['LOG_LEVEL', 'TZ', 'METRICS_PORT', 'ATOLL_ADMIN_TOKEN']),
    );
  });

  it('may be shared by plugins of one type only', async () => {
    const other = (field: z.ZodType) => ({
      id: 'other',
      name: 'Other',
      source: 'test',
      schema: z.strictObject({ x: field }),
    });
    const same = await load({
      plugins: [
        radio,
        other(
          httpUrl()
            .optional()
            .meta({ env: ['RADIO_URL'] }),
        ),
      ],
      env: { RADIO_URL: 'http://a' },
    });
    expect(same.problems).toEqual([]);
    expect(same.plugins.get('other')?.config).toEqual({ x: 'http://a' });
    expect(same.variables.find(({ name }) => name === 'RADIO_URL')?.readers).toHaveLength(2);
    const clash = await load({
      plugins: [
        radio,
        other(
          z
            .number()
            .optional()
            .meta({ env: ['RADIO_URL'] }),
        ),
      ],
    });
    expect(clash.problems).toMatchObject([
      { plugin: 'other', variable: 'RADIO_URL', message: expect.stringContaining('is read as number here') },
    ]);
    const host = await load({
      plugins: [
        other(
          z
            .string()
            .optional()
            .meta({ env: ['LOG_LEVEL'] }),
        ),
      ],
    });
    expect(host.problems).toMatchObject([
      { plugin: 'other', variable: 'LOG_LEVEL', message: expect.stringContaining('belongs to the host') },
    ]);
  });

  it('that are misspelled are told', async () => {
    const config = await load({
      files: { '.env': 'RADIO_SISE=3\nSOMETHING_ELSE=1' },
      env: { ATOLL_PROT: '1', RADIO_LOD: '1' },
    });
    expect(config.notices).toEqual([
      'RADIO_SISE is read by nothing; did you mean RADIO_SIZE?',
      'ATOLL_PROT is read by nothing; did you mean ATOLL_PORT?',
    ]);
  });
});

describe('variables shared by the original programs', () => {
  it.each([
    [{ LOG_LEVEL: 'WARNING' }, { level: 'warn' }],
    [{ LOG_LEVEL: 'DEBUG' }, { level: 'debug' }],
    [{ LOG_LEVEL: 'Critical' }, { level: 'fatal' }],
    [{ DEBUG: 'true' }, { level: 'debug' }],
    [{ DEBUG: 'true', LOG_LEVEL: 'error' }, { level: 'error' }],
    [{ LOG_FORMAT: 'JSON' }, { format: 'json' }],
    [{ LOG_FORMAT: 'pretty' }, { format: 'text' }],
    [{ LOG_FILE: '/var/log/a.log', LOG_DIR: '/elsewhere' }, { file: '/var/log/a.log' }],
    [{ LOG_DIR: '/var/log/atoll' }, { file: '/var/log/atoll/atoll.log' }],
    [{ LOG_MAX_SIZE: '5MB' }, { maxSizeBytes: 5 * 1024 ** 2 }],
    [{ LOG_MAX_BYTES: '4096' }, { maxSizeBytes: 4096 }],
    [{ LOG_BACKUP_COUNT: '2' }, { backups: 2 }],
  ])('%j', async (env, log) => {
    const config = await load({ env });
    expect(config.problems).toEqual([]);
    expect(config.host.log).toMatchObject(log);
  });

  it.each([
    [{}, { enabled: true, port: null }],
    [{ METRICS_ENABLED: 'true' }, { enabled: true, port: 9090 }],
    [{ METRICS_PORT: '9100' }, { enabled: true, port: 9100 }],
    [
      { METRICS_ENABLED: 'false', METRICS_PORT: '9100' },
      { enabled: false, port: null },
    ],
  ])('%j', async (env, metrics) => {
    expect((await load({ env })).host.metrics).toEqual(metrics);
  });

  it('refuse one port for everything and for the metrics', async () => {
    const config = await load({ env: { METRICS_PORT: '4700' } });
    expect(config.problems).toMatchObject([
      { plugin: null, path: 'http.port', hint: expect.stringContaining('METRICS_PORT') },
    ]);
  });

  it('set the circuit, the progress and the zone', async () => {
    const env = {
      CIRCUIT_BREAKER_THRESHOLD: '3',
      CIRCUIT_BREAKER_TIMEOUT: '30',
      SHOW_PROGRESS: 'off',
      TIMEZONE: 'Europe/Paris',
      TZ: 'UTC',
    };
    const config = await load({ env });
    expect(config.host).toMatchObject({
      circuit: { threshold: 3, resetMs: 30_000 },
      showProgress: false,
      timezone: 'Europe/Paris',
    });
    expect(config.notices).toEqual(['TZ is not used, as TIMEZONE is set too.']);
  });

  it.each([
    ['sqlite:///app/data.db', 'DATABASE_URL names a SQLite database and is not opened'],
    ['sqlite+aiosqlite:///app/data.db', 'DATABASE_URL names a SQLite database and is not opened'],
    ['mysql://db', 'DATABASE_URL names a MySQL database and is not opened'],
  ])('DATABASE_URL=%s is never opened', async (url, notice) => {
    const config = await load({ env: { DATABASE_URL: url } });
    expect(config.problems).toEqual([]);
    expect(config.host.storage.directory).toBe(config.dataDir);
    expect(config.notices).toEqual([expect.stringContaining(notice)]);
  });

  it('DATABASE_URL of PostgreSQL sets storage.url', async () => {
    const config = await load({ env: { DATABASE_URL: 'postgresql+asyncpg://u:hidden-pw@db/x' } });
    expect(config.problems).toMatchObject([
      {
        plugin: null,
        path: 'storage.url',
        variable: 'DATABASE_URL',
        message: expect.stringContaining('PostgreSQL'),
      },
    ]);
    expect(JSON.stringify(config.problems)).not.toContain('hidden-pw');
  });

  it('are ignored with one notice where nothing reads them', async () => {
    const config = await load({
      env: { HOST: '0.0.0.0', PORT: '80', CELERY_BROKER_URL: 'redis://', DEBUG: 'express:*' },
    });
    expect(config.host.http).toMatchObject({ host: '127.0.0.1', port: 4700 });
    expect(config.notices).toEqual([
      'DEBUG is neither true nor false: it does not change the log level.',
      'Ignored, as nothing reads them: CELERY_BROKER_URL, HOST, PORT. The address and port are ATOLL_HOST and ATOLL_PORT.',
    ]);
  });
});

it('says so when a secret cannot be read', async () => {
  const config = await load({ files: { 'secrets/radio_password/inner': '' } });
  expect(config.problems).toMatchObject([
    { plugin: 'radio', variable: 'RADIO_PASSWORD', message: expect.stringContaining('which is no file') },
  ]);
});

it('reads secrets through the links that Docker and Kubernetes make', async () => {
  const cwd = folderWith({ 'real/radio_password': 'linked-secret' });
  symlinkSync(join(cwd, 'real'), join(cwd, 'secrets'));
  const config = await load({ cwd });
  expect(config.plugins.get('radio')?.config).toMatchObject({ server: { password: 'linked-secret' } });
});
