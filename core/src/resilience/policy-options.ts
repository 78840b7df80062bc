import { AtollError, type CircuitOptions, type PolicyOptions } from '@atoll/sdk';
import { z } from 'zod';

export const defaultTimeoutMs = 30_000;

const count = z.int().min(1);
const milliseconds = z.number().positive();
const predicate = z.custom<(error: unknown) => boolean>((value) => typeof value === 'function', 'a function');

const policyOptions = z.strictObject({
  retry: z
    .strictObject({
      attempts: count.optional(),
      initialDelayMs: z.number().min(0).optional(),
      maxDelayMs: z.number().min(0).optional(),
      when: predicate.optional(),
    })
    .optional(),
  circuit: z
    .strictObject({
      threshold: count.optional(),
      resetMs: milliseconds.optional(),
      when: predicate.optional(),
    })
    .optional(),
  timeoutMs: milliseconds.optional(),
  bulkhead: z.strictObject({ concurrency: count, queue: z.int().min(0).optional() }).optional(),
  cache: z.strictObject({ ttlMs: milliseconds, maxEntries: count.optional() }).optional(),
  budget: z.custom<object>((value) => typeof value === 'object' && value !== null, 'a budget').optional(),
});

/** Throws `config_invalid`, naming the field, where a plugin's options for a policy make no sense. */
export function checkPolicyOptions(plugin: string, name: string, options: PolicyOptions): void {
  // `false` switches a part off; what is checked is the parts that are on.
  const on = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== false));
  const result = policyOptions.safeParse(on);
  if (result.success) return;
  const problems = result.error.issues.map(
    (issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`,
  );
  throw new AtollError('config_invalid', `${plugin}: the policy "${name}" is wrong: ${problems.join('; ')}`, {
    plugin,
    hint: 'Correct the options where the plugin declares the policy.',
  });
}

/** Circuits of plugins that set no values of their own. */
export type CircuitDefaults = Required<Pick<CircuitOptions, 'threshold' | 'resetMs'>>;
