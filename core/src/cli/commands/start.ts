import { currentScope } from '../../scope/execution-scope.js';
import type { CliContext } from '../cli-context.js';
import type { EndSignal } from '../cli-io.js';
import type { DeclareCommand } from '../command.js';
import { exitCodes } from '../exit-codes.js';

type UncaughtError = 'uncaught error';

interface StartOptions {
  host?: string;
  port?: string;
}

export const declareStart: DeclareCommand = (program, action) => {
  program
    .command('start')
    .description('run the host until it is told to end')
    .option('--host <address>', 'address to listen on (ATOLL_HOST)')
    .option('--port <number>', 'port to listen on (ATOLL_PORT)')
    .action(action(start));
};

async function start(context: CliContext, options: StartOptions): Promise<number> {
  const { io } = context;
  const ended = Promise.withResolvers<EndSignal | UncaughtError>();
  let signals = 0;
  const stopListening = io.onSignal((signal) => {
    if (signals++ > 0) io.abort(exitCodes.failed);
    else ended.resolve(signal);
  });
  try {
    const { Host } = await import('../../boot/host.js');
    const host = await Host.create({
      ...context.location,
      overrides: overridesOf(options),
      stdout: io.stdout,
    });
    const { logging, catalog } = host.parts;
    // After an error that nobody caught, what is in memory cannot be trusted; what is on disk can.
    const stopWatching = io.onUncaught((error) => {
      const { plugin } = currentScope();
      const whose = plugin === undefined ? 'Nobody' : `The plugin ${plugin} threw, and nobody`;
      logging.logger.fatal({ err: error }, `${whose} caught an error: ${messageOf(error)}; stopping`);
      ended.resolve('uncaught error');
    });
    const started = host.start();
    await Promise.race([started, ended.promise]);
    if (host.firstToken !== null) showToken(context, host.firstToken, catalog.config.host.log.format);
    const cause = await ended.promise;
    if (cause !== 'uncaught error') {
      logging.logger.info(`${cause} received: stopping; a second signal ends the process at once`);
    }
    await host.stop();
    await started;
    void stopWatching();
    return cause === 'uncaught error' ? exitCodes.failed : exitCodes.ok;
  } finally {
    void stopListening();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Printed beside the log, which must not keep it. Where lines are JSON, this is one too. */
function showToken({ io }: CliContext, token: string, format: 'text' | 'json'): void {
  const message = 'This is the admin token of this data folder. It is shown only now; keep it.';
  if (format === 'json') {
    const line = { timestamp: new Date().toISOString(), level: 'info', logger: 'atoll', message, token };
    io.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const rule = '-'.repeat(message.length);
  io.stdout.write(`${rule}\n${message}\n\n    ${token}\n\n${rule}\n`);
}

/** What the command line says, as a part of the config tree; the configuration's own checks judge it. */
function overridesOf({ host, port }: StartOptions): Record<string, unknown> {
  const number = port !== undefined && /^\d+$/.test(port) ? Number(port) : port;
  const http = { ...(host !== undefined && { host }), ...(number !== undefined && { port: number }) };
  return Object.keys(http).length > 0 ? { http } : {};
}
