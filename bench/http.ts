import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Measurement, median } from './measurement.ts';
import { atoll, fastify, moleculer, nest, nodeRed, type ServerKind, startServer } from './server-process.ts';

const rounds = 3;
const seconds = 4;
const connections = 50;

/** Requests a second of one plugin route against other hosts, in turns, so that noise meets all of them. */
export async function measureHttp(): Promise<Measurement[]> {
  const kinds = [fastify, atoll, nest, moleculer, nodeRed];
  const rates = new Map<ServerKind, number[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) {
      await using server = await startServer(kind);
      await load(server.url, kind, 1);
      rates.get(kind)!.push(await load(server.url, kind, seconds));
    }
  }
  const rate = (kind: ServerKind) => median(rates.get(kind)!);
  const raw = Object.fromEntries([...rates].map(([kind, values]) => [kind.name, values.map(Math.round)]));
  const against = (kind: ServerKind, atLeast: number): Measurement => ({
    name: `Plugin route against ${kind.name}`,
    figure: `${(rate(atoll) / rate(kind)).toFixed(2)} × (${Math.round(rate(atoll))} to ${Math.round(rate(kind))} requests/s)`,
    target: atLeast === 1 ? 'ahead' : `at least ${atLeast.toFixed(2)} ×`,
    met: rate(atoll) / rate(kind) >= atLeast,
    raw,
  });
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
