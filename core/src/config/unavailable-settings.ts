import type { ConfigPath } from './config-path.js';

/** Parts of the configuration that have a name already, but nothing behind it. `*` stands for any key. */
const UNAVAILABLE: readonly (readonly string[])[] = [
  ['http', 'frameAncestors'],
  ['http', 'tls'],
  ['storage', 'pool'],
  ['plugins', '*', 'listen'],
  ['automations'],
  ['notifications'],
];

/** What to say of a setting that would be ignored otherwise. */
export const unavailableMessage = 'is not available in this version';
export const unavailableHint = 'remove it';

/** True for the path of a setting that this version refuses. */
export function isUnavailable(path: ConfigPath): boolean {
  return UNAVAILABLE.some(
    (setting) =>
      setting.length === path.length && setting.every((step, index) => step === '*' || step === path[index]),
  );
}
