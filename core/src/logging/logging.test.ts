import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AtollError, isAtollError } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { enterScope } from '../scope/execution-scope.js';
import { LogCapture } from './log-capture.js';
import { type LogLine, logLevels } from './log-line.js';
import { createLogging, type LoggingOptions } from './logging.js';

function setUp(options: Partial<LoggingOptions> = {}) {
  let printed = '';
  const stdout = {
    write: (text: string) => {
      printed += text;
    },
  };
  const logging = createLogging({
    level: 'info',
    format: 'json',
    clock: new FakeClock(Date.UTC(2026, 0, 5, 12, 30, 15, 250)),
    timezone: 'UTC',
    stdout,
    ...options,
  });
  return {
    logging,
    logger: logging.logger,
    text: () => printed,
    lines: () =>
      printed
        .trimEnd()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LogLine),
  };
}

describe('JSON lines', () => {
  it('carry time, level, logger and message, and the fields given', () => {
    const { logger, lines } = setUp();
    logger.info({ service: 'navidrome', duration: 12.5 }, 'scanned');
    expect(lines()).toEqual([
      {
        timestamp: '2026-01-05T12:30:15.250Z',
        level: 'info',
        logger: 'atoll',
        message: 'scanned',
        service: 'navidrome',
        duration: 12.5,
      },
    ]);
  });

  it('name the plugin or the part of the host that speaks', () => {
    const { logging, lines } = setUp();
    logging.forPlugin('arr').info('a');
    logging.forPlugin('arr').child({ logger: 'arr.sonarr', service: 'sonarr' }).info('b');
    logging.logger.child({ logger: 'atoll.jobs' }).info('c');
    expect(lines()).toMatchObject([
      { logger: 'arr', plugin: 'arr' },
      { logger: 'arr.sonarr', plugin: 'arr', service: 'sonarr' },
      { logger: 'atoll.jobs' },
    ]);
  });

  it('carry the scope they are written in, each key once', () => {
    const { logging, lines, text } = setUp();
    enterScope({ plugin: 'arr', job: 'arr/scan', run: 'r1' }, () => logging.forPlugin('arr').info('a'));
    enterScope({ plugin: 'arr', requestId: 'q1', correlationId: 'c1' }, () =>
      logging.forPlugin('arr').info('b'),
    );
    expect(lines()).toMatchObject([
      { plugin: 'arr', job: 'arr/scan', run: 'r1', correlation_id: 'r1' },
      { plugin: 'arr', requestId: 'q1', correlation_id: 'c1' },
    ]);
    for (const line of text().trimEnd().split('\n')) expect(line.match(/"plugin":/g)).toHaveLength(1);
  });

  it('carry errors with code and causes, however they are given', () => {
    const { logger, lines } = setUp();
    const error = new AtollError('not_found', 'no list', { cause: new Error('deeper') });
    logger.error({ err: error }, 'failed');
    logger.error({ err: error });
    logger.error(error);
    logger.error({ reason: error }, 'failed');
    const exception = {
      type: 'AtollError',
      message: 'no list',
      code: 'not_found',
      cause: { message: 'deeper' },
    };
    expect(lines()).toMatchObject([
      { message: 'failed', exception },
      { message: 'no list', exception },
      { message: 'no list', exception },
      { message: 'failed', reason: exception },
    ]);
    expect(lines()[0]?.exception?.stack).toBeUndefined();
    expect(lines()[0]?.exception?.cause?.stack).toMatch(/^at /);
  });

  it("are not misled by fields that are spelled like the line's own", () => {
    const { logger, lines } = setUp();
    logger.info({ level: 'fatal', timestamp: 'never', message: 'theirs' }, 'ours');
    expect(lines()).toMatchObject([{ level: 'info', message: 'ours', level_: 'fatal', timestamp_: 'never' }]);
    expect(lines()[0]?.timestamp).toMatch(/^2026-/);
  });

  it('take what cannot be serialised', () => {
    const { logger, lines } = setUp();
    const circle: Record<string, unknown> = { size: 10n };
    circle.self = circle;
    logger.info({ circle, nothing: undefined, fn: () => 1 }, 'odd');
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ message: 'odd', circle: { self: '[Circular]' } });
  });

  it('stay one line each', () => {
    const { logger, text } = setUp();
    logger.info({ song: 'a\nb' }, 'x\n{"level":"fatal"}');
    expect(text().trimEnd()).not.toContain('\n');
  });
});

describe('text lines', () => {
  it('read as time, level, logger, message and fields', () => {
    const { logging, text } = setUp({ format: 'text' });
    logging
      .forPlugin('arr')
      .warn({ service: 'sonarr', count: 3, name: 'two words', list: [1] }, 'slow answer');
    expect(text()).toBe(
      '12:30:15 [WARN] arr: slow answer service=sonarr count=3 name="two words" list=[1]\n',
    );
  });

  it('tell the time in the zone asked for', () => {
    const { logger, text } = setUp({ format: 'text', timezone: 'Asia/Tokyo' });
    logger.info('late');
    expect(text()).toMatch(/^21:30:15 /);
  });

  it('cannot be forged by what they quote', () => {
    const { logger, text } = setUp({ format: 'text' });
    const evil = 'x\n12:30:15 [ERROR] atoll: forged\u001b[2J\u009b1m\u2028y\u202e';
    logger.info({ [evil]: evil, list: [evil] }, evil);
    for (const control of ['\n', '\u001b', '\u009b', '\u2028', '\u202e']) {
      expect(text().trimEnd()).not.toContain(control);
    }
    expect(text()).toContain('x\\n12:30:15 [ERROR] atoll: forged\\x1b[2J\\x9b1m\\u2028y\\u202e');
  });

  it('show an error with its hint, code, frames and causes, indented', () => {
    const { logger, text } = setUp({ format: 'text' });
    const cause = new RangeError('bad\nindex');
    logger.error(
      { err: new AtollError('not_found', 'no list', { hint: 'Look.', cause }) },
      'generate failed',
    );
    const [head, ...rest] = text().trimEnd().split('\n');
    expect(head).toBe('12:30:15 [ERROR] atoll: generate failed');
    expect(rest.slice(0, 3)).toEqual([
      '    AtollError: no list (not_found)',
      '    hint: Look.',
      '    caused by RangeError: bad\\nindex',
    ]);
    expect(rest[3]).toMatch(/^ {8}at /);
    logger.error(new AtollError('not_found', 'no list'));
    expect(text()).toContain('[ERROR] atoll: no list exception=AtollError (not_found)\n');
  });

  it('are coloured only where asked for', () => {
    const { logger, text } = setUp({ format: 'text', color: true });
    logger.warn('x');
    expect(text()).toBe('12:30:15 \u001b[33m[WARN]\u001b[0m atoll: x\n');
  });

  it('are coloured on a terminal unless NO_COLOR is set', () => {
    const before = process.env.NO_COLOR;
    try {
      for (const [noColor, expected] of [
        ['', true],
        ['1', false],
      ] as const) {
        process.env.NO_COLOR = noColor;
        const printed: string[] = [];
        const stdout = { isTTY: true, write: (text: string) => printed.push(text) };
        createLogging({ level: 'info', format: 'text', clock: new FakeClock(), stdout }).logger.info('x');
        expect(printed[0]?.includes('\u001b')).toBe(expected);
      }
    } finally {
      if (before === undefined) delete process.env.NO_COLOR;
      else process.env.NO_COLOR = before;
    }
  });
});

describe('redaction', () => {
  it('covers message, fields, errors and causes in both formats and for listeners', () => {
    for (const format of ['json', 'text'] as const) {
      const { logging, text } = setUp({ format, secrets: ['s3cr3t-value'] });
      const capture = new LogCapture();
      logging.subscribe(capture.listener);
      const err = new Error('with s3cr3t-value', { cause: new Error('s3cr3t-value') });
      logging.logger.error(
        { err, url: 'http://x/?k=s3cr3t-value', headers: { cookie: 'c' } },
        'is s3cr3t-value',
      );
      expect(text()).not.toContain('s3cr3t');
      expect(JSON.stringify(capture.lines)).not.toContain('s3cr3t');
    }
  });

  it('covers secrets that become known later', () => {
    const { logging, text } = setUp();
    logging.addSecrets(['later-secret']);
    logging.forPlugin('arr').info('a later-secret');
    expect(text()).not.toContain('later-secret');
    expect(logging.redact('a later-secret')).toBe('a ***');
  });
});

describe('levels', () => {
  it('are kept, and change for every logger at once', () => {
    const { logging, lines } = setUp();
    const child = logging.forPlugin('arr').child({ service: 'x' });
    const bound = child.debug.bind(child);
    child.debug('unheard');
    logging.setLevel('debug');
    child.debug('heard');
    bound('heard too');
    logging.setLevel('error');
    child.warn('unheard');
    expect(logging.level).toBe('error');
    expect(lines().map(({ message }) => message)).toEqual(['heard', 'heard too']);
  });

  it.each(logLevels)('%s is written as that word', (level) => {
    const { logger, lines } = setUp({ level: 'trace' });
    logger[level]('x');
    expect(lines()[0]?.level).toBe(level);
  });
});

describe('outputs', () => {
  it('writes the file too, without colour, and loses no line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'atoll-log-'));
    try {
      const file = join(folder, 'atoll.log');
      const { logging, text } = setUp({ format: 'text', color: true, file, maxSizeBytes: 1e6, backups: 1 });
      for (let n = 0; n < 100; n++) logging.logger.info(`line ${n}`);
      const kept = readFileSync(file, 'utf8');
      expect(kept.match(/\n/g)).toHaveLength(100);
      expect(kept).toContain('12:30:15 [INFO] atoll: line 99\n');
      logging.close();
      logging.logger.info('after');
      expect(text()).toContain('after');
      expect(readFileSync(file, 'utf8')).toBe(kept);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a file that cannot be opened, with the setting to change', () => {
    const open = () => setUp({ file: tmpdir() });
    expect(open).toThrow(/cannot be opened/);
    try {
      open();
    } catch (error) {
      expect(isAtollError(error, 'config_invalid') && error.hint).toContain('LOG_FILE');
    }
  });

  it('goes on printing when the file fails, says so once, and keeps lines again when it can', () => {
    const folder = mkdtempSync(join(tmpdir(), 'atoll-log-'));
    const logs = join(folder, 'logs');
    try {
      const { logger, lines } = setUp({ file: join(logs, 'atoll.log'), maxSizeBytes: 1, backups: 1 });
      logger.info('one');
      rmSync(logs, { recursive: true });
      writeFileSync(logs, 'in the way');
      logger.info('two');
      logger.info('three');
      rmSync(logs);
      logger.info('four');
      const messages = lines().map(({ message }) => message);
      expect(messages).toEqual(['one', 'two', expect.stringContaining('lines are lost'), 'three', 'four']);
      expect(readFileSync(join(logs, 'atoll.log'), 'utf8')).toContain('four');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('survives a closed pipe', () => {
    const stdout = Object.assign(new EventEmitter(), { write: () => true });
    const { logging, logger } = setUp({ stdout });
    stdout.emit('error', new Error('EPIPE'));
    logger.info('nobody reads this');
    expect(stdout.listenerCount('error')).toBe(1);
    logging.close();
    expect(stdout.listenerCount('error')).toBe(0);
  });

  it('removes a listener that throws, and one that is disposed of', async () => {
    const { logging, logger, lines } = setUp();
    let calls = 0;
    logging.subscribe(() => {
      calls++;
      throw new Error('bad listener');
    });
    const capture = new LogCapture();
    const stop = logging.subscribe(capture.listener);
    logger.info('one');
    logger.warn('two');
    await stop();
    logger.info('three');
    expect(calls).toBe(1);
    expect(capture.messages()).toEqual(['one', 'two']);
    expect(capture.messages('warn')).toEqual(['two']);
    expect(lines()).toHaveLength(3);
  });
});
