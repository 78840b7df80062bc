import { z } from 'zod';

/**
 * Field builders for plugin configs. Each is an ordinary zod schema: add `.optional()`, `.default(…)` and
 * `.meta({ title, description, env })` as usual. Their `format` in the metadata tells forms, generated
 * examples and the host what kind of text they take. Durations and sizes change their value: give them their
 * default with `.prefault('30s')`, which stands in the JSON Schema, where `.default(30_000)` would not.
 */

/** An address of a web service: `http` or `https`, without fragment; slashes at the end are dropped. */
export function httpUrl() {
  return z
    .string()
    .trim()
    .refine(isHttpUrl, {
      error: 'must be a URL that starts with http:// or https://',
      params: { hint: 'write the whole address, for example http://192.168.1.10:4533' },
    })
    .overwrite((url) => url.replace(/\/+$/, ''))
    .meta({ format: 'uri' });
}

function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\/[^/\s]/i.test(text) || /[\s#]/.test(text)) return false;
  return URL.canParse(text);
}

const CRON_FIELD = /^[\d*,/\-?LW#A-Za-z]+$/;

/** Words that mean "no schedule" wherever one is expected. */
const OFF_WORDS = new Set(['off', 'none', 'manual', 'never', 'disabled', 'false', 'no']);

/** True for `off`, `manual`, `disabled` and the like, in any case. */
export function isOffWord(text: string): boolean {
  return OFF_WORDS.has(text.trim().toLowerCase());
}

/**
 * A cron expression of five fields. With `off`, words such as `off` and `manual` are taken too, and become `off`.
 * This package checks the number of fields and their characters; the host checks values and that it ever fires,
 * wherever `format: 'cron'` stands in a config.
 */
export function cronExpression(options: { off?: boolean } = {}) {
  const { off = false } = options;
  return z
    .string()
    .trim()
    .refine((text) => hasFiveFields(text) || (off && isOffWord(text)), {
      error: `must be a cron expression of five fields${off ? ', or off' : ''}`,
      params: { hint: 'minute, hour, day of month, month, day of week; for example 30 4 * * *' },
    })
    .overwrite((text) => (off && isOffWord(text) ? 'off' : text))
    .meta({ format: 'cron' });
}

function hasFiveFields(text: string): boolean {
  const fields = text.split(/\s+/);
  return fields.length === 5 && fields.every((field) => CRON_FIELD.test(field));
}

/** An IANA time zone such as `Europe/Berlin` or `UTC`. */
export function timeZone() {
  return z
    .string()
    .trim()
    .refine(isTimeZone, {
      error: 'must be an IANA time zone',
      params: { hint: 'for example UTC, Europe/Berlin or America/New_York' },
    })
    .meta({ format: 'time-zone' });
}

/** True for a name of the IANA database, in any case. Offsets such as `+02:00` are not names. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const durationUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What a bare number means in a duration. */
export type DurationUnit = keyof typeof durationUnits;

export interface DurationOptions {
  /** What a bare number means. Default `ms`. */
  unit?: DurationUnit;
  /** Smallest and largest duration, in milliseconds. */
  min?: number;
  max?: number;
}

/** A duration as text (`90s`, `6h`, `1h30m`, `2d`) or a bare number of `unit`. The result is in milliseconds. */
export function duration(options: DurationOptions = {}) {
  const { unit = 'ms', min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const ms = parseDuration(value, unit);
      if (ms === undefined || ms < min || ms > max) {
        context.addIssue({ code: 'custom', message: outOfRange('a duration', ms, min, max, formatDuration) });
        return z.NEVER;
      }
      return ms;
    })
    .meta({
      format: 'time-span',
      unit,
      minimum: min / durationUnits[unit],
      ...(options.max === undefined ? {} : { maximum: max / durationUnits[unit] }),
    });
}

/** Milliseconds of `90s`, `1h30m` or a number of `unit`; undefined where the text is no duration. */
export function parseDuration(value: string | number, unit: DurationUnit = 'ms'): number | undefined {
  if (typeof value === 'number') return wholePositive(value * durationUnits[unit]);
  const text = value.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(text)) return wholePositive(Number(text) * durationUnits[unit]);
  if (!/^(\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, count, of] of text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)) {
    ms += Number(count) * durationUnits[of as DurationUnit];
  }
  return wholePositive(ms);
}

/** The shortest text that `parseDuration` reads back as `ms`. */
export function formatDuration(ms: number): string {
  const unit =
    (['d', 'h', 'm', 's'] as const).find((name) => ms > 0 && ms % durationUnits[name] === 0) ?? 'ms';
  return `${ms / durationUnits[unit]}${unit}`;
}

const KIBI = 1024;

export interface ByteSizeOptions {
  /** Smallest and largest size, in bytes. */
  min?: number;
  max?: number;
}

/** A size as text (`10MB`, `512 KiB`, `1G`; all of them powers of 1024) or a number of bytes. The result is in bytes. */
export function byteSize(options: ByteSizeOptions = {}) {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const bytes = parseByteSize(value);
      if (bytes === undefined || bytes < min || bytes > max) {
        context.addIssue({ code: 'custom', message: outOfRange('a size', bytes, min, max, formatByteSize) });
        return z.NEVER;
      }
      return bytes;
    })
    .meta({
      format: 'byte-size',
      unit: 'bytes',
      minimum: min,
      ...(options.max === undefined ? {} : { maximum: max }),
    });
}

/** Bytes of `10MB`, `512 KiB` or a number; undefined where the text is no size. */
export function parseByteSize(value: string | number): number | undefined {
  if (typeof value === 'number') return wholePositive(value);
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b)?$/i.exec(value.trim());
  if (!match) return undefined;
  const power = match[2] ? 'kmgt'.indexOf(match[2].toLowerCase()) + 1 : 0;
  return wholePositive(Number(match[1]) * KIBI ** power);
}

/** The shortest text that `parseByteSize` reads back as `bytes`. */
export function formatByteSize(bytes: number): string {
  const power = [4, 3, 2, 1].find((candidate) => bytes > 0 && bytes % KIBI ** candidate === 0) ?? 0;
  return `${bytes / KIBI ** power}${['B', 'KB', 'MB', 'GB', 'TB'][power]}`;
}

function wholePositive(value: number): number | undefined {
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) && whole >= 0 ? whole : undefined;
}

function outOfRange(
  what: string,
  value: number | undefined,
  min: number,
  max: number,
  format: (value: number) => string,
): string {
  const example = what === 'a size' ? 'such as 10MB' : 'such as 30s, 5m or 6h';
  if (value === undefined) return `must be ${what} ${example}`;
  return value < min ? `must be at least ${format(min)}` : `must be at most ${format(max)}`;
}
