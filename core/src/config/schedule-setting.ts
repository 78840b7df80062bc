import { isOffWord, isTimeZone, parseDuration, type Schedule } from '@atoll/sdk';
import { z } from 'zod';
import { cronProblem } from './cron-problem.js';

const SHORTEST_MS = 1_000;
const HINT = 'write a cron expression ("30 4 * * *"), an interval ("6h"), or off';

const cronField = z.string().trim();
const timezoneField = z.string().trim().refine(isTimeZone, 'must be an IANA time zone').optional();

/**
 * When a job runs, in place of what its plugin says: a cron expression, `{cron, timezone}`, `{everyMs}`, an
 * interval as text, or `off`. The result is a schedule, or false for a job that runs on demand only.
 */
export function scheduleSetting() {
  return z
    .union([
      z.string(),
      z.literal(false),
      z.strictObject({ cron: cronField, timezone: timezoneField }),
      z.strictObject({ everyMs: z.int().min(SHORTEST_MS) }),
    ])
    .transform((setting, context): Schedule | false => {
      const read = readSetting(setting);
      if (typeof read !== 'string') return read;
      context.addIssue({ code: 'custom', message: read, params: { hint: HINT } });
      return z.NEVER;
    })
    .meta({ format: 'schedule' });
}

/** The schedule, or what is wrong with it. */
function readSetting(
  setting: string | false | { cron: string; timezone?: string } | { everyMs: number },
): Schedule | false | string {
  if (setting === false) return false;
  if (typeof setting === 'object') {
    if ('everyMs' in setting) return setting;
    return cronProblem(setting.cron) ?? setting;
  }
  const text = setting.trim();
  if (isOffWord(text)) return false;
  const everyMs = /[a-z]/i.test(text) ? parseDuration(text) : undefined;
  if (everyMs !== undefined) {
    return everyMs < SHORTEST_MS ? 'must be an interval of at least 1s' : { everyMs };
  }
  return cronProblem(text) ?? { cron: text };
}
