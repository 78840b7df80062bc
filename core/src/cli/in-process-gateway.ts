import { AtollError } from '@atoll/sdk';
import { Host } from '../boot/host.js';
import { isServing } from '../plugins/plugin-state.js';
import type { CliContext } from './cli-context.js';
import type { HostGateway, HttpMethod } from './host-gateway.js';
import { readAnswer } from './problem-error.js';

/** A host started for one command: it opens no ports and fires no schedules. */
export class InProcessGateway implements HostGateway {
  readonly host: Host;

  private constructor(host: Host) {
    this.host = host;
  }

  /** Starts it with the plugins named and those they use, or with all that are enabled. */
  static async start(context: CliContext, only?: readonly string[]): Promise<InProcessGateway> {
    const { env, stderr } = context.io;
    const host = await Host.create({
      ...context.location,
      ...(only && { only }),
      listen: false,
      schedules: false,
      // Standard output holds the result alone.
      stdout: stderr,
      // The lines of a start are about a host that nobody meant to run, unless somebody looks for a fault.
      ...(!env.LOG_LEVEL && !env.DEBUG && { overrides: { log: { level: 'warn' } } }),
    });
    await host.start();
    if (host.firstToken !== null) {
      context.note(`The first admin token, shown only now: ${host.firstToken}`);
    }
    return new InProcessGateway(host);
  }

  async request<T>(method: HttpMethod, path: string, body?: unknown): Promise<T> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = payload === undefined ? undefined : { 'content-type': 'application/json' };
    const answer = await this.host.request({ method, url: path, payload, headers }, 'owner');
    return readAnswer(answer.statusCode, answer.body, 'the host');
  }

  close(): Promise<void> {
    return this.host.stop();
  }
}

/** The host that runs, or one started with just this plugin, which runs then. */
export async function openHostFor(plugin: string, context: CliContext): Promise<HostGateway> {
  const running = await context.runningHost();
  if (running) return running;
  const gateway = await InProcessGateway.start(context, [plugin]);
  try {
    refuseUnlessServing(gateway.host, plugin);
    return gateway;
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

function refuseUnlessServing(host: Host, id: string): void {
  const plugin = host.plugins.list().find((candidate) => candidate.id === id);
  if (!plugin) {
    throw new AtollError('not_found', `there is no plugin "${id}"`, {
      hint: 'Install it, or name its folder with --plugin.',
    });
  }
  if (isServing(plugin.state)) return;
  const reason = plugin.reason === null ? '' : `: ${plugin.reason}`;
  throw new AtollError('plugin_failed', `${id} is ${plugin.state.replaceAll('_', ' ')}${reason}`, {
    plugin: id,
    hint:
      plugin.state === 'disabled'
        ? `Set plugins.${id}.enabled to true in the config file.`
        : 'See "atoll check".',
  });
}
