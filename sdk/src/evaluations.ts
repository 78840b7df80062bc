const counter = Symbol.for('atoll:sdk-evaluations');

type Counted = typeof globalThis & { [counter]?: number };

const scope = globalThis as Counted;
scope[counter] = (scope[counter] ?? 0) + 1;

/** How many copies of the SDK this thread has evaluated; a second one means a plugin bundled its own. */
export function sdkEvaluations(): number {
  return scope[counter] ?? 0;
}
