import { CronFirings } from '../jobs/cron-firings.js';

/** Why `expression` is no usable cron expression, as the rest of a sentence; undefined for a good one. */
export function cronProblem(expression: string): string | undefined {
  if (expression.trim().split(/\s+/).length !== 5) return 'must be a cron expression of five fields';
  try {
    new CronFirings(expression, 'UTC');
    return undefined;
  } catch (error) {
    return `is no usable schedule: ${(error as Error).message}`;
  }
}
