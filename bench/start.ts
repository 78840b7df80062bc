import { type Measurement, median } from './measurement.ts';
import { atollShipped, nodeRedEmpty, type ServerKind, startServer } from './server-process.ts';

const rounds = 5;
const idleMs = 5_000;

/** Time to the first ready answer and memory at rest, against an empty Node-RED, in turns. */
export async function measureStart(): Promise<Measurement[]> {
  const kinds = [atollShipped, nodeRedEmpty];
  const samples = new Map<ServerKind, { start: number[]; memory: number[] }>(
    kinds.map((kind) => [kind, { start: [], memory: [] }]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) {
      await using server = await startServer(kind);
      const sample = samples.get(kind)!;
      sample.start.push(server.startMs);
      await new Promise((resolve) => setTimeout(resolve, idleMs));
      sample.memory.push(server.memory());
    }
  }
  const compare = (name: string, of: 'start' | 'memory', unit: string, atMost: number): Measurement => {
    const [own, other] = kinds.map((kind) => median(samples.get(kind)![of]));
    return {
      name,
      figure: `${(own! / other!).toFixed(2)} × Node-RED (${Math.round(own!)} to ${Math.round(other!)} ${unit})`,
      target: `under ${atMost.toFixed(1)} ×`,
      met: own! / other! < atMost,
      raw: Object.fromEntries([...samples].map(([kind, sample]) => [kind.name, sample[of].map(Math.round)])),
    };
  };
  return [compare('Start to ready', 'start', 'ms', 0.7), compare('Idle memory', 'memory', 'MiB', 1)];
}
