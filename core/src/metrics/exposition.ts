/** One published line. `metricName` differs from the family's name in the parts of a histogram. */
export interface Sample {
  metricName?: string;
  labels: Partial<Record<string, string | number>>;
  value: number;
}

/** One family of one registry, with the plugin it belongs to; undefined for the host. */
export interface OwnedFamily {
  plugin: string | undefined;
  family: { name: string; help: string; type: string | { toString(): string }; values: readonly Sample[] };
}

export const expositionContentType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The text exposition (version 0.0.4) of many registries. A family that several plugins publish gets one HELP
 * and one TYPE, as the format demands; the samples of a plugin carry its id as the label `plugin`.
 */
export function writeExposition(families: readonly OwnedFamily[]): string {
  const byName = Map.groupBy(families, ({ family }) => family.name);
  let text = '';
  for (const name of [...byName.keys()].sort()) {
    const group = byName.get(name) ?? [];
    const first = group[0]?.family;
    if (!first) continue;
    text += `# HELP ${name} ${escapeHelp(first.help)}\n# TYPE ${name} ${String(first.type)}\n`;
    for (const { plugin, family } of group) {
      for (const sample of family.values) text += writeSample(name, sample, plugin);
    }
  }
  return text;
}

/** The name that a sample is published under, for example `x_bucket` in the family `x`. */
export function sampleName(family: string, sample: Sample): string {
  return sample.metricName ?? family;
}

function writeSample(family: string, sample: Sample, plugin: string | undefined): string {
  const labels = Object.entries(sample.labels).map(
    ([name, value]) => `${name}="${escapeLabel(String(value))}"`,
  );
  if (plugin !== undefined) labels.push(`plugin="${escapeLabel(plugin)}"`);
  const braces = labels.length > 0 ? `{${labels.join(',')}}` : '';
  return `${sampleName(family, sample)}${braces} ${writeNumber(sample.value)}\n`;
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
