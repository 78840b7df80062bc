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

/** An answer that need not be asked for. */
interface FoundAnswer {
  answer: KeptAnswer;
  /** Whether a dry run got it: it has cost no budget, and is forgotten when the host stops. */
  fromDryRun: boolean;
}

/**
 * The last good answer, kept on disk: further runs of the day use it again, so that they change only what the library
 * changed and ask no second time. The answer of a dry run is held in memory alone, as a dry run changes nothing that
 * lasts; the run after it does what it announced.
 */
export class DayAnswers {
  readonly #kv: KeyValueStore;
  #previewed: { key: AnswerKey; answer: KeptAnswer } | null = null;

  constructor(kv: KeyValueStore) {
    this.#kv = kv;
  }

  async find(key: AnswerKey): Promise<FoundAnswer | null> {
    const kept = await this.#kv.get<{ key: AnswerKey; answer: KeptAnswer }>(KEY);
    if (kept && isSame(kept.key, key)) return { answer: kept.answer, fromDryRun: false };
    const previewed = this.#previewed;
    return previewed && isSame(previewed.key, key) ? { answer: previewed.answer, fromDryRun: true } : null;
  }

  async keep(key: AnswerKey, answer: KeptAnswer): Promise<void> {
    await this.#kv.set(KEY, { key, answer }, { ttlMs: TTL_MS });
  }

  /** Holds a dry run's answer, for the run that follows it. */
  preview(key: AnswerKey, answer: KeptAnswer): void {
    this.#previewed = { key, answer };
  }
}

function isSame(a: AnswerKey, b: AnswerKey): boolean {
  return a.day === b.day && a.seed === b.seed && a.model === b.model;
}
