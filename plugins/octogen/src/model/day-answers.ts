import type { KeyValueStore } from '@atoll/sdk';
import type { NamedSong } from './read-answer.js';

/** What a model proposed, by the index's recording keys, so that it outlives the numbers it was asked with. */
export interface KeptAnswer {
  lists: Record<string, string[]>;
  wishes: NamedSong[];
}

/** The question an answer belongs to. */
export interface AnswerKey {
  /** The local date, `2026-11-21`. */
  day: string;
  seed: number;
  model: string;
}

const KEY = 'model-answer';
const TTL_MS = 2 * 86_400_000;

/**
 * The last good answer, kept on disk: further runs of the day use it again, so that they change only what the library
 * changed and ask no second time.
 */
export class DayAnswers {
  readonly #kv: KeyValueStore;

  constructor(kv: KeyValueStore) {
    this.#kv = kv;
  }

  async find(key: AnswerKey): Promise<KeptAnswer | null> {
    const kept = await this.#kv.get<{ key: AnswerKey; answer: KeptAnswer }>(KEY);
    if (!kept) return null;
    const same = kept.key.day === key.day && kept.key.seed === key.seed && kept.key.model === key.model;
    return same ? kept.answer : null;
  }

  async keep(key: AnswerKey, answer: KeptAnswer): Promise<void> {
    await this.#kv.set(KEY, { key, answer }, { ttlMs: TTL_MS });
  }
}
