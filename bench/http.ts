import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Measurement, median } from './measurement.ts';
import {
  atoll,
  fastify,
  moleculer,
  nest,
  nodeRed,
  type RunningServer,
  type ServerKind,
  startServer,
} from './server-process.ts';

const rounds = 25;
const seconds = 1;
const connections = 50;

/**
 * Requests a second of one plugin route against other hosts. All run at once and are loaded in turns of a second,
 * and each turn is compared with its neighbours only, so that a slow moment of the machine meets all of them.
 */
export async function measureHttp(): Promise<Measurement[]> {
  const kinds = [atoll, fastify, nest, moleculer, nodeRed];
  await using stack = new AsyncDisposableStack();
  const servers = new Map<ServerKind, RunningServer>();
  for (const kind of kinds) servers.set(kind, stack.use(await startServer(kind)));
  const turn = (kind: ServerKind) => load(servers.get(kind)!.url, kind, seconds);
  for (const kind of kinds) await turn(kind);

  const rates = new Map<ServerKind, number[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    // Every second round the other way about, so that nobody always follows the same neighbour.
    const order = round % 2 === 0 ? kinds : kinds.toReversed();
    for (const kind of order) rates.get(kind)!.push(await turn(kind));
  }
  const raw = Object.fromEntries([...rates].map(([kind, values]) => [kind.name, values.map(Math.round)]));
  const against = (kind: ServerKind, atLeast: number): Measurement => {
    const ratio = median(rates.get(kind)!.map((rate, round) => rates.get(atoll)![round]! / rate));
    const [own, other] = [median(rates.get(atoll)!), median(rates.get(kind)!)].map(Math.round);
    return {
      name: `Plugin route against ${kind.name}`,
      figure: `${ratio.toFixed(2)} × (medians ${own} to ${other} requests/s)`,
      target: atLeast === 1 ? 'ahead' : `at least ${atLeast.toFixed(2)} ×`,
      met: ratio >= atLeast,
      raw,
    };
  };
  return [against(fastify, 0.7), against(nest, 1), against(moleculer, 1), against(nodeRed, 1)];
}

/** Mean requests a second over `duration` seconds; an answer other than 200 is an error. */
async function load(url: string, kind: ServerKind, duration: number): Promise<number> {
  const headers = Object.entries(kind.headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(import.meta.dirname, 'node_modules/autocannon/autocannon.js'),
      ...['--json', '--no-progress', '-c', String(connections), '-d', String(duration)],
      ...headers,
      url,
    ],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  const result = JSON.parse(stdout) as { requests: { average: number }; non2xx: number; errors: number };
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${kind.name}: ${result.non2xx} answers other than 2xx, ${result.errors} errors`);
  }
  return result.requests.average;
}
