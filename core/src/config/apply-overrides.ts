import { coerceText } from './coerce-text.js';
import { type ConfigPath, isConfigObject, isUnsafeKey } from './config-path.js';
import type { ConfigValues, ValueOrigin } from './config-values.js';
import { describeValue } from './describe-issue.js';
import type { ProblemCollector } from './problem-collector.js';
import { type AnySchema, childSchema, isSecretMeta, peel, takesObject } from './schema-walk.js';

const origin: ValueOrigin = { source: 'command line', variable: null, file: null, line: null };

/** Sets what the command line gives, a tree like the config file's; texts are read as the kind their field takes. */
export function applyOverrides(
  overrides: Readonly<Record<string, unknown>>,
  schema: AnySchema,
  values: ConfigValues,
  problems: ProblemCollector,
): void {
  const apply = (value: unknown, path: ConfigPath, at: AnySchema | undefined, secret: boolean): void => {
    if (value === undefined) return;
    if (isConfigObject(value) && (at === undefined || takesObject(at))) {
      for (const [key, child] of Object.entries(value)) {
        const childPath = [...path, key];
        const below = at && childSchema(at, key);
        if (isUnsafeKey(key)) {
          problems.addFrom(childPath, origin, {
            message: 'is a name that no key may have',
            hint: 'remove it',
          });
        } else {
          apply(child, childPath, below, secret || (below !== undefined && isSecretMeta(peel(below).meta)));
        }
      }
      return;
    }
    const coerced = typeof value === 'string' && at ? coerceText(at, value) : { ok: true as const, value };
    if (coerced.ok) {
      values.set(path, coerced.value, origin);
      return;
    }
    const received = secret ? null : describeValue(value);
    problems.addFrom(path, origin, {
      message: `must be ${coerced.expected}${received === null ? '' : `, not ${received}`}`,
      expected: coerced.expected,
      received,
    });
    values.drop(path);
  };
  apply(overrides, [], schema, false);
}
