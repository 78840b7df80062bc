import { dirname, resolve } from 'node:path';
import { configJsonSchema } from '@atoll/sdk';
import { answerReference } from './answer-reference.js';
import { applyOverrides } from './apply-overrides.js';
import { applyVariables } from './apply-variables.js';
import { checkHostValues, misplacedHint } from './check-host.js';
import { checkPlugin } from './check-plugin.js';
import { findConfig } from './config-file.js';
import { ConfigModel, type ConfigurablePlugin, pluginAt } from './config-model.js';
import { type ConfigObject, formatPath, valueAt } from './config-path.js';
import { ConfigValues } from './config-values.js';
import type { JsonSchemaNode } from './describe-type.js';
import { Environment } from './environment.js';
import { environmentSettingsSchema } from './environment-settings.js';
import { prepareFileValues } from './file-values.js';
import { hostConfigSchema } from './host-config.js';
import type { LoadedConfig, PluginConfig } from './loaded-config.js';
import { ProblemCollector } from './problem-collector.js';
import { readContent } from './read-content.js';
import { refuseEqualPorts, refusePlaceholders, refuseUnavailable, refuseUnknownPlugins } from './refusals.js';
import { resolveHost } from './resolve-host.js';
import { isSecretAt, isSecretMeta, type TextAt, textsWhere } from './schema-walk.js';
import { variableNotices } from './variable-notices.js';
import { findVariableReaders } from './variable-readers.js';

export interface LoadConfigOptions {
  /** The working folder: relative paths start here. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The plugins whose settings can be checked. */
  plugins: readonly ConfigurablePlugin[];
  /** Ids of plugins that are there but whose schema is not: their settings are left alone. */
  uncheckedPlugins?: readonly string[];
  /** Values from the command line, a tree like the config file's: stronger than everything else. */
  overrides?: Readonly<Record<string, unknown>>;
  /** The config file, given on the command line. */
  file?: string;
  /** The data folder, given on the command line. */
  dataDir?: string;
  /** Folder of Docker secrets. Default `/run/secrets`. */
  secretsDir?: string;
}

/**
 * Loads the configuration: file, `.env`, environment, command line, each stronger than the one before; then checks
 * all of it. Never throws for what a user can write: whatever is wrong is in `problems`.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const { cwd, env } = options;
  const model = new ConfigModel(options.plugins);
  const location = findConfig(options);
  const notices = [...location.notices];
  const environment = new Environment({
    env,
    envFile: location.envFile,
    secretsDir: options.secretsDir ?? '/run/secrets',
    cwd,
  });

  const content = await readContent(location.file);
  const problems = new ProblemCollector(location.file, content.locate);
  problems.add(...location.problems, ...content.problems);

  const values = fileValues(
    content.root,
    model,
    problems,
    environment,
    location.file ?? resolve(cwd, '.env'),
  );
  const variableValues = new ConfigValues({});
  const { readers, problems: readerProblems } = findVariableReaders(model, environment.names());
  for (const { path, variable, message, hint } of readerProblems) {
    problems.addFrom(path, { variable, file: null, line: null }, { message, hint });
  }
  const variables = applyVariables({
    readers,
    environment,
    values,
    variableValues,
    problems,
    notice: (text) => void (notices.includes(text) || notices.push(text)),
  });
  applyOverrides(options.overrides ?? {}, model.schema, values, problems);
  refuseUnavailable(values, problems);
  notices.push(
    ...variableNotices(
      env,
      location.envFile,
      variables.map(({ name }) => name),
    ),
  );

  const secrets = textsWhere(model.schema, values.root, isSecretMeta);
  const variableSecrets = textsWhere(environmentSettingsSchema, variableValues.root, isSecretMeta);
  refusePlaceholders(secrets, values, problems, true);
  refusePlaceholders(variableSecrets, variableValues, problems, false);

  refuseUnknownPlugins(values, problems, [
    ...options.plugins.map(({ id }) => id),
    ...(options.uncheckedPlugins ?? []),
  ]);
  const variableConfig = checkHostValues(
    environmentSettingsSchema,
    variableValues,
    {
      get jsonSchema() {
        return configJsonSchema(environmentSettingsSchema) as JsonSchemaNode;
      },
      isSecret: (path) => isSecretAt(environmentSettingsSchema, path) || variableValues.isHidden(path),
    },
    (path, text) => {
      const origin = variableValues.originOf(path);
      if (origin) problems.addFrom([], origin, text);
    },
  );
  const hostConfig = checkHostValues(
    hostConfigSchema,
    values,
    {
      get jsonSchema() {
        return model.jsonSchema;
      },
      isSecret: (path) => isSecretAt(model.schema, path) || values.isHidden(path),
    },
    (path, text) => {
      const hint = text.atKey ? misplacedHint(model, path) : undefined;
      problems.addAt(path, values, hint ? { ...text, hint } : text);
    },
  );

  const host = resolveHost({
    config: hostConfig,
    variables: variableConfig,
    dataDir: location.dataDir,
    cwd,
    levelGiven: valueAt(values.root, ['log', 'level']) !== undefined,
  });
  refuseEqualPorts(host, values, problems);

  const plugins = new Map<string, PluginConfig>();
  for (const plugin of options.plugins) {
    const config = await checkPlugin(plugin, model, values, problems);
    const entry = hostConfig.plugins[plugin.id];
    const own = problems.problems.filter((problem) => problem.plugin === plugin.id);
    plugins.set(plugin.id, {
      id: plugin.id,
      enabled: entry?.enabled ?? true,
      required: entry?.required ?? false,
      schedules: entry?.schedules ?? {},
      config: own.length > 0 ? null : config,
      problems: own,
    });
  }

  const parsedSecrets = options.plugins.flatMap(({ id, schema }) =>
    schema ? textsWhere(schema, plugins.get(id)?.config ?? {}, isSecretMeta) : [],
  );
  return {
    host,
    plugins,
    problems: problems.problems.filter(
      ({ plugin }) => plugin === null || plugins.get(plugin)?.enabled !== false,
    ),
    notices,
    file: location.file,
    envFile: location.envFile?.file ?? null,
    dataDir: location.dataDir,
    variables,
    overridden: values.origins.map(({ path, origin }) => ({
      path: formatPath(path),
      plugin: pluginAt(path),
      source: origin.source,
      variable: origin.variable,
    })),
    secrets: {
      paths: [...new Set(secrets.map(({ path }) => formatPath(path)))],
      values: distinctTexts([...secrets, ...variableSecrets, ...parsedSecrets]),
    },
  };
}

function fileValues(
  raw: ConfigObject,
  model: ConfigModel,
  problems: ProblemCollector,
  environment: Environment,
  file: string,
): ConfigValues {
  const prepared = prepareFileValues(raw, model.schema, (reference) =>
    answerReference(reference, environment, dirname(file)),
  );
  const values = new ConfigValues(prepared.root);
  for (const path of prepared.referenced) values.hide(path);
  for (const { path, ...text } of prepared.problems) {
    problems.addInFile(path, text);
    values.drop(path);
  }
  return values;
}

function distinctTexts(texts: readonly TextAt[]): string[] {
  return [...new Set(texts.map(({ value }) => value).filter((value) => value !== ''))];
}
