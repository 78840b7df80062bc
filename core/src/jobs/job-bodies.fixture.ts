/** A job whose runs each last until the next gate is opened, whatever their signal says. */
export function gated() {
  const gates: PromiseWithResolvers<void>[] = [];
  return {
    open: () => gates.shift()?.resolve(),
    run: () => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    },
  };
}

/** A job that runs until its signal aborts. */
export const untilAborted = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
