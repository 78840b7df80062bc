import type { z } from 'zod';
import type { Disposer } from './disposer.js';

/** A kind of event with its payload's schema. Names are `<plugin>.<subject>.<what happened>`. */
export interface EventType<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly schema: S;
}

export function defineEvent<S extends z.ZodType>(name: string, schema: S): EventType<S> {
  return Object.freeze({ name, schema });
}

export interface EventRecord<T = unknown> {
  id: string;
  name: string;
  /** The plugin that emitted it, or `atoll`. */
  source: string;
  /** Milliseconds since the epoch. */
  at: number;
  payload: T;
}

export interface Events {
  /** Checks the payload and hands the event to every listener; a bad listener is logged and disturbs no one. */
  emit<S extends z.ZodType>(type: EventType<S>, payload: z.input<S>): void;
  on<S extends z.ZodType>(
    type: EventType<S>,
    listener: (event: EventRecord<z.output<S>>) => void | Promise<void>,
  ): Disposer;
}
