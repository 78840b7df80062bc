import { AtollError } from '@atoll/sdk';

export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** What a registry asks to publish. `owner` is the plugin's id, or undefined for the host. */
export interface FamilyClaim {
  name: string;
  kind: MetricKind;
  help: string;
  labels: readonly string[];
  owner: string | undefined;
}

interface Family {
  kind: MetricKind;
  owners: Set<string | undefined>;
}

const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelPattern = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const hostPrefixes = ['process_', 'nodejs_'];

/**
 * Every metric family of the host and all plugins. They end in one exposition, where a name has one type, so
 * two plugins may share a family (an original tool's name) but not disagree on what it is.
 */
export class MetricFamilies {
  readonly #families = new Map<string, Family>();
  /** Sample names (`x_bucket`, `x_sum`, …) with the family they belong to. */
  readonly #samples = new Map<string, string>();

  /** Reserves the name; throws `bad_request` or `conflict` with the cure. */
  claim({ name, kind, help, labels, owner }: FamilyClaim): void {
    if (help.trim() === '') {
      throw refuse(
        'bad_request',
        owner,
        `the metric "${name}" has no help text`,
        'Say in one sentence what it counts.',
      );
    }
    checkNames(name, kind, labels, owner);
    const known = this.#families.get(name);
    if (known?.owners.has(owner)) {
      throw refuse('conflict', owner, `${who(owner)} registers the metric "${name}" twice`, onceHint);
    }
    if (known && (known.owners.has(undefined) || owner === undefined)) {
      throw refuse('conflict', owner, `the metric "${name}" belongs to the host`, ownHint(owner));
    }
    if (known && known.kind !== kind) {
      const other = [...known.owners].map(who).join(', ');
      const message = `${who(owner)} registers "${name}" as a ${kind}, but for ${other} it is a ${known.kind}`;
      throw refuse('conflict', owner, message, ownHint(owner));
    }
    for (const sample of sampleNames(name, kind)) {
      const family = this.#samples.get(sample);
      if (family !== undefined && family !== name) {
        const message = `the metric "${name}" would publish "${sample}", which "${family}" publishes already`;
        throw refuse('conflict', owner, message, ownHint(owner));
      }
    }
    for (const sample of sampleNames(name, kind)) this.#samples.set(sample, name);
    if (known) known.owners.add(owner);
    else this.#families.set(name, { kind, owners: new Set([owner]) });
  }

  /** Gives the name back; it is free when its last owner has gone. */
  release(name: string, owner: string | undefined): void {
    const family = this.#families.get(name);
    if (!family?.owners.delete(owner) || family.owners.size > 0) return;
    this.#families.delete(name);
    for (const sample of sampleNames(name, family.kind)) this.#samples.delete(sample);
  }
}

/** The prefix of a plugin's own metrics. */
function metricPrefix(plugin: string): string {
  return `atoll_${plugin.replaceAll('-', '_')}_`;
}

function checkNames(
  name: string,
  kind: MetricKind,
  labels: readonly string[],
  owner: string | undefined,
): void {
  if (!namePattern.test(name)) {
    throw refuse('bad_request', owner, `"${name}" is no metric name`, 'Use letters, digits and "_".');
  }
  if (owner !== undefined && name.startsWith('atoll_') && !name.startsWith(metricPrefix(owner))) {
    throw refuse(
      'bad_request',
      owner,
      `the metric "${name}" is not in the space of ${who(owner)}`,
      ownHint(owner),
    );
  }
  if (owner !== undefined && hostPrefixes.some((prefix) => name.startsWith(prefix))) {
    throw refuse('bad_request', owner, `the metric "${name}" stands for the whole process`, ownHint(owner));
  }
  const reserved = owner === undefined ? ['le'] : ['le', 'plugin'];
  for (const label of labels) {
    if (!labelPattern.test(label) || (reserved.includes(label) && (label !== 'le' || kind === 'histogram'))) {
      const message = `"${label}" cannot be a label of the metric "${name}"`;
      throw refuse(
        'bad_request',
        owner,
        message,
        'The host adds "plugin" itself; "le" is the histograms\' own.',
      );
    }
  }
}

function sampleNames(name: string, kind: MetricKind): string[] {
  return kind === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

const onceHint = 'Register it once and keep the object that registering returns.';

function ownHint(owner: string | undefined): string {
  return owner === undefined ? 'Choose another name.' : `Name it "${metricPrefix(owner)}…".`;
}

function who(owner: string | undefined): string {
  return owner === undefined ? 'the host' : `plugin "${owner}"`;
}

function refuse(code: 'bad_request' | 'conflict', plugin: string | undefined, message: string, hint: string) {
  return new AtollError(code, message, { plugin, hint });
}
