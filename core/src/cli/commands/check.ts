import type { ConnectionResult } from '@atoll/sdk';
import type { Catalog } from '../../boot/catalog.js';
import type { ConfigProblem } from '../../config/config-problem.js';
import type { LoadedConfig, VariableReport } from '../../config/loaded-config.js';
import type { PluginConnections } from '../check-connections.js';
import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { formatTable } from '../table.js';

interface CheckReport {
  file: string | null;
  envFile: string | null;
  dataDir: string;
  problems: readonly ConfigProblem[];
  notices: readonly string[];
  /** Packages that were meant as plugins and are none. */
  packages: Catalog['problems'];
  /** `obstacle`: why it cannot start, whatever its settings. */
  plugins: { id: string; enabled: boolean; obstacle: string | null }[];
  variables: readonly VariableReport[];
  /** Null without `--connect`. */
  connections: PluginConnections[] | null;
}

export const declareCheck: DeclareCommand = (program, action) => {
  program
    .command('check')
    .description('check the configuration; changes nothing')
    .option('--connect', 'start the enabled plugins without serving them, and test their connections')
    .action(action(check));
};

async function check(context: CliContext, { connect = false }: { connect?: boolean }): Promise<number> {
  const { Catalog } = await import('../../boot/catalog.js');
  const { unloadablePlugins } = await import('../unloadable-plugins.js');
  const { formatProblems } = await import('../../config/format-problems.js');
  const { checkConnections } = await import('../check-connections.js');
  const catalog = await Catalog.open({ ...context.location, everything: true });
  const { config } = catalog;
  const unloadable = new Map((await unloadablePlugins(catalog)).map(({ id, message }) => [id, message]));
  const sound = config.problems.length === 0 && catalog.problems.length === 0;
  const report: CheckReport = {
    file: config.file,
    envFile: config.envFile,
    dataDir: config.dataDir,
    problems: config.problems,
    notices: config.notices,
    packages: catalog.problems,
    plugins: catalog.plugins.map(({ id, incompatible }) => ({
      id,
      enabled: catalog.settings(id).enabled,
      obstacle: incompatible ?? unloadable.get(id) ?? null,
    })),
    variables: config.variables,
    // A host that has problems would not start.
    connections: connect && hostIsSound(config) ? await checkConnections(context) : null,
  };
  context.print(report, (value) => describe(value, formatProblems(value.problems, context.io.cwd)));
  if (connect && report.connections === null) {
    context.note('The connections were not tested: repair the problems above first.');
  }
  const startable = report.plugins.every(({ enabled, obstacle }) => !enabled || obstacle === null);
  const connected = (report.connections ?? []).every(isConnected);
  return sound && startable && connected ? exitCodes.ok : exitCodes.failed;
}

function hostIsSound({ problems }: LoadedConfig): boolean {
  return problems.every(({ plugin }) => plugin !== null);
}

function isConnected({ failure, results }: PluginConnections): boolean {
  return failure === null && results.every(({ status }) => status === 'healthy');
}

function describe(report: CheckReport, problems: string): string {
  const parts = [
    [
      `Config file:  ${report.file ?? 'none, all defaults'}`,
      `Environment:  ${report.envFile ?? 'no .env file'}`,
      `Data folder:  ${report.dataDir}`,
    ].join('\n'),
    formatTable(
      ['PLUGIN', 'ENABLED', 'REMARK'],
      report.plugins.map(({ id, enabled, obstacle }) => [id, enabled ? 'yes' : 'no', obstacle]),
    ),
    variablesTable(report.variables),
    ...report.notices.map((notice) => `note: ${notice}`),
    ...report.packages.map(
      ({ message, hint }) => `plugin package: ${message}${hint === null ? '' : `\n  hint: ${hint}`}`,
    ),
    problems,
  ];
  if (report.connections) parts.push(connectionsTable(report.connections));
  return parts.join('\n\n');
}

/** Every variable with its readers; where its value comes from, and never the value. */
function variablesTable(variables: readonly VariableReport[]): string {
  return formatTable(
    ['VARIABLE', 'SET BY', 'READ BY'],
    variables.map(({ name, source, readers }) => [
      name,
      source ?? null,
      readers.map(({ plugin, path }) => path || (plugin ?? 'the host')).join(', '),
    ]),
  );
}

function connectionsTable(connections: readonly PluginConnections[]): string {
  const rows = connections.flatMap(({ plugin, failure, results }) => {
    if (failure !== null) return [[plugin, null, 'unhealthy', failure]];
    if (results.length === 0) return [[plugin, null, null, 'it has no connections to test']];
    return results.map((result) => [plugin, result.name, result.status, explain(result)]);
  });
  return formatTable(['PLUGIN', 'CONNECTION', 'STATUS', 'MESSAGE'], rows);
}

function explain({ message, hint }: ConnectionResult): string | null {
  return [message, hint && `hint: ${hint}`].filter(Boolean).join('; ') || null;
}
