import type { z } from 'zod';
import type { ConfigModel } from './config-model.js';
import { type ConfigObject, type ConfigPath, valueAt } from './config-path.js';
import { type ConfigValues, withoutPath } from './config-values.js';
import { describeIssue, type IssueContext } from './describe-issue.js';
import type { ProblemCollector } from './problem-collector.js';
import { knownKeys } from './schema-walk.js';

/**
 * Checks values against one of the host's schemas and tells every problem. The result is always usable: what is
 * wrong gives way to its default.
 */
export function checkHostValues<S extends z.ZodType>(
  schema: S,
  values: ConfigValues,
  context: Omit<IssueContext, 'value'>,
  report: (path: ConfigPath, text: Parameters<ProblemCollector['addAt']>[2]) => void,
): z.output<S> {
  let root = values.root;
  const first = schema.safeParse(root);
  if (first.success) return first.data;
  for (const issue of first.error.issues) {
    for (const { path, ...text } of describeIssue(issue, { ...context, value: values.root })) {
      if (!values.isBroken(path)) report(path, text);
    }
  }
  // Taking out one bad value can uncover another, but never more often than there are values.
  for (let issues = first.error.issues, round = 0; round < 100; round++) {
    const before = root;
    for (const issue of issues) {
      for (const path of badPaths(issue)) root = withoutNearest(root, path);
    }
    const next = schema.safeParse(root);
    if (next.success) return next.data;
    if (root === before) break;
    issues = next.error.issues;
  }
  return schema.parse({});
}

function badPaths(issue: z.core.$ZodIssue): ConfigPath[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

/** Takes out the value at `path`; where it is missing, the nearest value around it that is there. */
function withoutNearest(root: ConfigObject, path: ConfigPath): ConfigObject {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    if (valueAt(root, part) !== undefined) return withoutPath(root, part);
  }
  return {};
}

/** A hint for a setting of a plugin that stands beside `config` instead of in it. */
export function misplacedHint(model: ConfigModel, path: ConfigPath): string | undefined {
  const [root, id, key, ...rest] = path;
  if (root !== 'plugins' || rest.length > 0 || typeof key !== 'string') return undefined;
  const plugin = model.plugins.find((candidate) => candidate.id === id);
  if (!plugin?.schema || !knownKeys(plugin.schema).includes(key)) return undefined;
  return `the plugin's own settings stand under config: plugins.${plugin.id}.config.${key}`;
}
