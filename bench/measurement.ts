/** One figure: what was measured, side by side with what, and whether the target is met. */
export interface Measurement {
  name: string;
  /** The figure as people read it, for example `0.81 × bare Fastify`. */
  figure: string;
  /** The target as people read it; null for a figure that is only shown. */
  target: string | null;
  met: boolean | null;
  /** Everything measured, for later comparison. */
  raw: Record<string, number | number[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
