import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { load, loadYaml, plain, problemLines, radio } from './config.fixture.js';

describe('problems of the file', () => {
  it('are told all at once, of the host and of every plugin', async () => {
    const config = await loadYaml(
      [
        'http:',
        '  prot: 80',
        '  port: 99999',
        'plugins:',
        '  radio:',
        '    enabld: true',
        '    config:',
        '      sise: 3',
        '      size: 300',
        '      server: {url: "nav:4533"}',
        '  plain:',
        '    config: {x: 1}',
      ].join('\n'),
    );
    expect(problemLines(config)).toEqual([
      '3 http.port must be a whole number from 0 to 65535, not 99999',
      '2 http.prot is an unknown key',
      '6 plugins.radio.enabld is an unknown key',
      '10 plugins.radio.config.server.url must be a URL that starts with http:// or https://, not "nav:4533"',
      '9 plugins.radio.config.size must be a whole number from 1 to 100 (songs), not 300',
      '8 plugins.radio.config.sise is an unknown key',
      '12 plugins.plain.config.x is an unknown key',
    ]);
    expect(config.problems.map(({ plugin }) => plugin)).toEqual([
      null,
      null,
      'radio',
      'radio',
      'radio',
      'radio',
      'plain',
    ]);
    expect(config.problems.find(({ path }) => path === 'plugins.radio.config.sise')?.hint).toBe(
      'did you mean size?',
    );
    expect(config.host.http.port).toBe(4700);
    expect(config.plugins.get('radio')?.config).toBeNull();
  });

  it('keep the good values of the host', async () => {
    const config = await loadYaml(
      'http: {port: x, host: 0.0.0.0}\nlog: {level: debug, nope: 1}\ntimezone: Nowhere',
    );
    expect(config.problems).toHaveLength(3);
    expect(config.host).toMatchObject({ http: { port: 4700, host: '0.0.0.0' }, log: { level: 'debug' } });
  });

  it('of one plugin leave the others alone', async () => {
    const config = await loadYaml('plugins: {radio: {config: {size: a lot}}}');
    expect(config.plugins.get('radio')?.problems).toHaveLength(1);
    expect(config.plugins.get('plain')).toMatchObject({ config: {}, problems: [] });
  });

  it('of a disabled plugin count only for itself', async () => {
    const config = await loadYaml('plugins: {radio: {enabled: false, config: {size: a lot}}}');
    expect(config.problems).toEqual([]);
    expect(config.plugins.get('radio')).toMatchObject({
      enabled: false,
      config: null,
      problems: [{ plugin: 'radio' }],
    });
  });

  it('name a plugin that is not installed, and the near one', async () => {
    const config = await loadYaml('plugins: {raido: {config: {anything: 1}}, opaque: {config: {free: 1}}}', {
      uncheckedPlugins: ['opaque'],
    });
    expect(config.problems).toMatchObject([
      { plugin: 'raido', path: 'plugins.raido', hint: 'did you mean radio?' },
    ]);
  });

  it('send settings that stand beside `config` there', async () => {
    const config = await loadYaml('plugins:\n  radio:\n    size: 3');
    expect(config.problems[0]?.hint).toBe(
      "the plugin's own settings stand under config: plugins.radio.config.size",
    );
  });

  it('take a key without a value as the default', async () => {
    const config = await loadYaml(
      'http:\nlog:\n  level:\nplugins:\n  radio:\n    config:\n      size:\n  plain:\n',
    );
    expect(config.problems).toEqual([]);
  });

  it.each([
    ['a list', '- a', 'must hold keys with values, not a list'],
    ['a text', '"hello"', 'must hold keys with values, not "hello"'],
    ['a tab', 'http:\n\tport: 1', 'a tab stands where spaces belong'],
    ['a key twice', 'http: {}\nlog: {}\nhttp: {}', 'a key stands here for the second time'],
    ['a second document', 'log: {}\n---\nlog: {}', 'a second document begins here'],
    ['an open quote', 'timezone: "UTC', 'is no valid YAML'],
    ['an unknown tag', 'timezone: !zone UTC', 'is no valid YAML'],
    ['an alias of nothing', 'timezone: *nothing', 'a value that begins with * stands for another one'],
    [
      'a cron expression without quotes',
      'plugins: {}\ntimezone: */5 * * * *',
      'a value that begins with * stands for another one',
    ],
    [
      'an alias bomb',
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c]',
      'is no valid YAML',
    ],
    ['a value within itself', 'plugins: &p {radio: *p}', 'contains itself'],
    ['a list within itself', 'plugins: &p [*p, *p]', 'contains itself'],
    ['deep nesting', `plugins: ${'{a: '.repeat(80)}1${'}'.repeat(80)}`, 'is nested more than 64 levels deep'],
    ['very deep nesting', `plugins: ${'['.repeat(20_000)}`, 'it is nested too deeply'],
    ['a key of the prototype', 'plugins: {__proto__: {polluted: 1}}', 'is a name that no key may have'],
    [
      'a constructor',
      'plugins: {radio: {config: {weights: {constructor: 1}}}}',
      'is a name that no key may have',
    ],
    ['bytes that are no text', 'log\0', 'is no text in UTF-8'],
  ])('are clear for %s', async (_, text, message) => {
    const config = await loadYaml(text);
    const lines = config.problems.map((problem) => `${problem.file} ${problem.message}`);
    expect(lines.join('\n')).toContain(message);
    expect(config.problems.every(({ file, hint }) => file?.endsWith('atoll.yaml') && hint)).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('do not come from an empty file, comments or a byte order mark', async () => {
    for (const text of ['', '# nothing\n', '\uFEFF', '\uFEFFhttp: {port: 4701}', 'null']) {
      expect((await loadYaml(text)).problems).toEqual([]);
    }
  });

  it('of JSON have a position too', async () => {
    const problems = async (text: string) => (await load({ files: { 'atoll.json': text } })).problems;
    expect(await problems('{\n\t"http": {\n\t\t"port": 4701\n\t}\n}')).toEqual([]);
    expect(await problems('')).toEqual([]);
    expect(await problems('{\n  "http": {"port": "x"}\n}')).toMatchObject([{ line: 2, column: 20 }]);
    expect(await problems('{\n  "http": {},\n}')).toMatchObject([
      { message: expect.stringContaining('is no valid JSON'), line: 3 },
    ]);
    expect(await problems('{"http": {}, "http": {}}')).toMatchObject([
      { message: expect.stringContaining('second time') },
    ]);
    expect(await problems('http:\n  port: 1')).toMatchObject([
      { message: expect.stringContaining('is no valid JSON') },
    ]);
  });

  it('take aliases and merged keys as they are meant', async () => {
    const config = await loadYaml(
      'plugins:\n  radio:\n    config: &c {size: 3}\n    schedules: {}\n  plain: {enabled: false, config: {<<: *c}}',
    );
    expect(config.problems).toEqual([]);
    expect(config.plugins.get('plain')?.problems).toMatchObject([{ path: 'plugins.plain.config.size' }]);
  });

  it('refuse what this version does not have', async () => {
    const config = await loadYaml(
      'http: {tls: {}, frameAncestors: []}\nstorage: {pool: 3}\nautomations: []\nnotifications: []\nplugins: {radio: {listen: {port: 1}}}',
    );
    expect(config.problems.map(({ path, plugin }) => `${plugin}:${path}`).sort()).toEqual([
      'null:automations',
      'null:http.frameAncestors',
      'null:http.tls',
      'null:notifications',
      'null:storage.pool',
      'radio:plugins.radio.listen',
    ]);
    expect(new Set(config.problems.map(({ message }) => message))).toEqual(
      new Set(['is not available in this version']),
    );
  });

  it('tell a missing setting with the variable that can hold it', async () => {
    const strict = {
      ...plain,
      id: 'strict',
      schema: z.strictObject({ key: z.string().meta({ env: ['STRICT_KEY'] }) }),
    };
    const config = await loadYaml('plugins:\n  strict:\n    config:', { plugins: [strict] });
    expect(config.problems).toMatchObject([
      {
        plugin: 'strict',
        path: 'plugins.strict.config.key',
        line: 3,
        message: 'is missing; it must be text',
        hint: 'set it here, or the variable STRICT_KEY',
      },
    ]);
  });

  it('take the words of a plugin’s own checks, without the secret in them', async () => {
    const own = {
      ...plain,
      id: 'own',
      schema: z.strictObject({
        even: z
          .number()
          .default(2)
          .refine((n) => n % 2 === 0, 'Odd numbers bring bad luck'),
        key: z
          .string()
          .optional()
          .meta({ secret: true })
          .refine((key) => key !== 'weak-key', { error: (issue) => `${issue.input} is weak` }),
      }),
    };
    const config = await loadYaml('plugins: {own: {config: {even: 3, key: weak-key}}}', { plugins: [own] });
    expect(config.problems.map(({ message }) => message)).toEqual([
      'is not valid: Odd numbers bring bad luck',
      'is not valid: [hidden] is weak',
    ]);
  });

  it.each(['localhost', '0.0.0.0', '::', 'fe80::1%eth0', 'my-host.lan'])(
    'do not come from http.host %s',
    async (host) => {
      expect((await loadYaml(`http: {host: "${host}"}`)).problems).toEqual([]);
    },
  );

  it.each(['', 'localhost:80', 'http://x', '[::1]', 'a b'])('come from http.host %j', async (host) => {
    expect((await loadYaml(`http: {host: "${host}"}`)).problems).toMatchObject([{ path: 'http.host' }]);
  });

  it.each(['10.0.0.0/8', '127.0.0.1', 'fd00::/8', 'loopback'])(
    'do not come from the proxy %s',
    async (proxy) => {
      expect((await loadYaml(`http: {trustedProxies: ["${proxy}"]}`)).host.http.trustedProxies).toEqual([
        proxy,
      ]);
    },
  );

  it.each(['10.0.0.0/40', 'everyone', '1.2.3.4/8/8', '*'])('come from the proxy %s', async (proxy) => {
    expect((await loadYaml(`http: {trustedProxies: [loopback, "${proxy}"]}`)).problems).toMatchObject([
      { path: 'http.trustedProxies[1]' },
    ]);
  });

  it('carry a fault of a plugin’s schema', async () => {
    const faulty = {
      ...plain,
      id: 'faulty',
      name: 'Faulty',
      schema: z.strictObject({
        a: z
          .string()
          .default('')
          .refine(() => {
            throw new Error('oops');
          }),
      }),
    };
    const config = await load({ plugins: [faulty, radio] });
    expect(config.problems).toMatchObject([{ plugin: 'faulty', message: expect.stringContaining('oops') }]);
    expect(config.plugins.get('radio')?.config).not.toBeNull();
  });
});

describe('storage.url', () => {
  it.each([
    ['sqlite:./db', /\/db$/],
    ['sqlite:/srv/atoll', /^\/srv\/atoll$/],
    ['sqlite:///srv/atoll', /^\/srv\/atoll$/],
  ])('%s names a folder', async (url, directory) => {
    expect((await loadYaml(`storage: {url: "${url}"}`)).host.storage.directory).toMatch(directory);
  });

  it.each([
    ['postgres://u:hidden-pw@db/atoll', 'PostgreSQL database, which is not available in this version'],
    ['mysql://db', 'MySQL database, which Atoll does not support'],
    ['./data', 'must be sqlite:<folder>'],
    ['sqlite:', 'must name a folder'],
  ])('refuses %s', async (url, message) => {
    const config = await loadYaml(`storage: {url: "${url}"}`);
    expect(config.problems).toMatchObject([{ plugin: null, message: expect.stringContaining(message) }]);
    expect(JSON.stringify(config.problems)).not.toContain('hidden-pw');
  });
});

describe('schedules', () => {
  it('are cron expressions, intervals, or off', async () => {
    const config = await loadYaml(
      'plugins: {radio: {schedules: {a: "30 4 * * *", b: {cron: "0 5 * * 1", timezone: Europe/Berlin}, c: {everyMs: 60000}, d: 6h, e: false, f: "off"}}}',
    );
    expect(config.problems).toEqual([]);
    expect(config.plugins.get('radio')?.schedules).toEqual({
      a: { cron: '30 4 * * *' },
      b: { cron: '0 5 * * 1', timezone: 'Europe/Berlin' },
      c: { everyMs: 60_000 },
      d: { everyMs: 21_600_000 },
      e: false,
      f: false,
    });
  });

  it.each([
    ['"61 * * * *"', 'is no usable schedule'],
    ['"0 0 31 2 *"', 'never comes'],
    ['"* * * *"', 'must be a cron expression of five fields'],
    ['10ms', 'must be an interval of at least 1s'],
    ['{cron: "0 5 * * 1", timezone: Mars}', 'must be an IANA time zone'],
    ['{cron: "0 5 * * 1", tz: UTC}', 'is an unknown key'],
    ['{everyMs: 5}', 'must be'],
    ['true', 'must be a cron expression, an interval such as 6h, or off'],
  ])('refuse %s', async (schedule, message) => {
    const config = await loadYaml(`plugins: {radio: {schedules: {a: ${schedule}}}}`);
    expect(config.problems).toMatchObject([{ plugin: 'radio', message: expect.stringContaining(message) }]);
  });

  it('come from variables too', async () => {
    const env = {
      ATOLL__PLUGINS__RADIO__SCHEDULES__FULL_SCAN: 'off',
      ATOLL__PLUGINS__RADIO__SCHEDULES__TIDY: '12h',
    };
    const config = await load({ env });
    expect(config.plugins.get('radio')?.schedules).toEqual({
      'full-scan': false,
      tidy: { everyMs: 43_200_000 },
    });
  });

  it('in a plugin’s own settings are checked to mean something', async () => {
    const config = await load({ env: { RADIO_CRON: '0 99 * * *' } });
    expect(config.problems).toMatchObject([
      { plugin: 'radio', variable: 'RADIO_CRON', message: expect.stringContaining('is no usable schedule') },
    ]);
    expect((await load({ env: { RADIO_CRON: 'manual' } })).plugins.get('radio')?.config).toMatchObject({
      cron: 'off',
    });
  });
});

describe('secrets', () => {
  it('are listed, and never shown in problems', async () => {
    const config = await loadYaml(
      'plugins: {radio: {config: {server: {password: s3cret-pass}, keys: [{name: a, token: t0ken-one}, {name: b, token: 12}]}}}',
      { env: { ATOLL_ADMIN_TOKEN: 'the-admin-token' } },
    );
    expect(config.secrets.paths).toEqual([
      'plugins.radio.config.server.password',
      'plugins.radio.config.keys[0].token',
    ]);
    expect(config.secrets.values).toEqual(['s3cret-pass', 't0ken-one', 'the-admin-token']);
    expect(config.host.adminToken).toBe('the-admin-token');
    expect(config.problems).toMatchObject([
      { path: 'plugins.radio.config.keys[1].token', received: null, message: 'must be text' },
    ]);

    const short = await loadYaml('plugins: {radio: {config: {server: {password: pw7}}}}');
    expect(short.problems).toHaveLength(1);
    expect(JSON.stringify(short.problems)).not.toContain('pw7');
  });

  it.each(['changeme', 'CHANGE_ME', 'your-api-key-here', 'placeholder', '<token>', 'xxxx', '****'])(
    'refuse the placeholder %s',
    async (text) => {
      const config = await loadYaml(`plugins: {radio: {config: {server: {password: "${text}"}}}}`);
      expect(config.problems).toMatchObject([
        { plugin: 'radio', line: 1, message: 'holds a placeholder instead of a secret', received: null },
      ]);
      const host = await load({ env: { ATOLL_ADMIN_TOKEN: text } });
      expect(host.problems).toMatchObject([{ plugin: null, variable: 'ATOLL_ADMIN_TOKEN' }]);
      expect(host.host.adminToken).toBeNull();
    },
  );
});
