import { isConfigObject } from './config-path.js';
import type { ConfigValues } from './config-values.js';
import type { HostSettings } from './loaded-config.js';
import { isPlaceholder } from './placeholder.js';
import type { ProblemCollector } from './problem-collector.js';
import type { TextAt } from './schema-walk.js';
import { suggest } from './suggest.js';
import { isUnavailable, unavailableHint, unavailableMessage } from './unavailable-settings.js';

/** Settings that would be ignored silently are problems instead. */
export function refuseUnavailable(values: ConfigValues, problems: ProblemCollector): void {
  const refuse = (node: unknown, path: readonly string[]): void => {
    if (!isConfigObject(node) || path.length >= 3) return;
    for (const [key, child] of Object.entries(node)) {
      const childPath = [...path, key];
      if (!isUnavailable(childPath)) {
        refuse(child, childPath);
        continue;
      }
      problems.addAt(childPath, values, { message: unavailableMessage, hint: unavailableHint, atKey: true });
      values.drop(childPath);
    }
  };
  refuse(values.root, []);
}

/** Texts from examples where a secret belongs. `inFile` is false for settings that stand in no file. */
export function refusePlaceholders(
  secrets: readonly TextAt[],
  values: ConfigValues,
  problems: ProblemCollector,
  inFile: boolean,
): void {
  for (const { path, value } of secrets) {
    if (!isPlaceholder(value)) continue;
    const text = {
      message: 'holds a placeholder instead of a secret',
      expected: 'a secret of your own',
      hint: 'put the real value here, or remove it',
    };
    const origin = values.originOf(path);
    if (inFile) problems.addAt(path, values, text);
    else if (origin) problems.addFrom([], origin, text);
    values.drop(path);
  }
}

/** Settings of plugins that are not installed. */
export function refuseUnknownPlugins(
  values: ConfigValues,
  problems: ProblemCollector,
  known: readonly string[],
): void {
  const plugins = isConfigObject(values.root.plugins) ? Object.keys(values.root.plugins) : [];
  for (const id of plugins.filter((plugin) => !known.includes(plugin))) {
    const near = suggest(id, known);
    problems.addAt(['plugins', id], values, {
      message: 'names a plugin that is not installed',
      expected: known.length > 0 ? `one of ${known.join(', ')}` : null,
      hint: near ? `did you mean ${near}?` : 'install the plugin, or remove its settings',
      atKey: true,
    });
    values.drop(['plugins', id]);
  }
}

/** One port cannot serve both everything and the metrics alone. */
export function refuseEqualPorts(host: HostSettings, values: ConfigValues, problems: ProblemCollector): void {
  if (host.metrics.port === null || host.metrics.port !== host.http.port) return;
  problems.addAt(['http', 'port'], values, {
    message: `is ${host.http.port}, which is the port of the metrics too`,
    hint: 'give METRICS_PORT another value, or remove METRICS_PORT and METRICS_ENABLED: /metrics is on the main port as well',
  });
}
