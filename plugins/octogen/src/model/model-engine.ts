import { AtollError, type Budget, isAtollError, UpstreamError } from '@atoll/sdk';
import type { RankedList } from '../generation/ranked-list.js';
import type { Recording } from '../generation/recording.js';
import type { ChatClient } from './chat-client.js';
import { chooseCandidates } from './choose-candidates.js';
import type { AnswerKey, DayAnswers, KeptAnswer } from './day-answers.js';
import { buildPrompt } from './prompt.js';
import type { NamedSong } from './read-answer.js';

export interface ModelSettings {
  maxContextSongs: number;
  maxPerArtist: number;
}

export interface ModelRequest {
  ranked: readonly RankedList[];
  recordings: readonly Recording[];
  /** The local date, `2026-11-21`. */
  day: string;
  seed: number;
  /** Leaves the budget and the kept answer as they are. */
  dryRun: boolean;
  signal: AbortSignal;
}

export interface ModelProposal {
  /** Recording keys by list, in the model's order. */
  lists: ReadonlyMap<string, readonly string[]>;
  /** Songs from outside the library that the model would add to Discovery. */
  wishes: readonly NamedSong[];
  /** 0 where an earlier answer served. */
  calls: number;
  /** Whose answer it is; null where it was asked for just now. */
  earlier: 'run' | 'dry run' | null;
}

/** New songs to ask for. */
const WISHES = 20;

/** Lets a language model choose from the library: numbered candidates in, numbers out. */
export class ModelEngine {
  readonly #chat: ChatClient;
  readonly #budget: Budget;
  readonly #answers: DayAnswers;
  readonly #settings: ModelSettings;
  readonly #onTokens: (tokens: number) => void;
  #last: { problem: string | null } | null = null;

  constructor(
    chat: ChatClient,
    budget: Budget,
    answers: DayAnswers,
    settings: ModelSettings,
    onTokens: (tokens: number) => void,
  ) {
    this.#onTokens = onTokens;
    this.#chat = chat;
    this.#budget = budget;
    this.#answers = answers;
    this.#settings = settings;
  }

  get model(): string {
    return this.#chat.model;
  }

  /** What became of the last question; null before the first. */
  get last(): { readonly problem: string | null } | null {
    return this.#last;
  }

  /**
   * The day's answer, asked for at most once. A question that brings nothing usable costs no budget; an answer that a
   * dry run got costs it when a run uses it. Throws `budget_exhausted`, an AuthError or an UpstreamError.
   */
  async propose(request: ModelRequest): Promise<ModelProposal> {
    const key: AnswerKey = { day: request.day, seed: request.seed, model: this.#chat.model };
    const found = await this.#answers.find(key);
    const earlier = found && (found.fromDryRun ? 'dry run' : 'run');
    if (found && (request.dryRun || earlier === 'run')) return proposal(found.answer, earlier);
    const grant = request.dryRun ? await this.#peek() : await this.#budget.take();
    try {
      const answer = found?.answer ?? (await this.#ask(request));
      if (request.dryRun) this.#answers.preview(key, answer);
      else await this.#answers.keep(key, answer);
      this.#last = { problem: null };
      return proposal(answer, earlier);
    } catch (error) {
      await grant.refund();
      if (!request.signal.aborted)
        this.#last = { problem: isAtollError(error) ? error.message : String(error) };
      throw error;
    }
  }

  /** What a dry run needs of the budget: that there is some. */
  async #peek(): Promise<{ refund(): Promise<void> }> {
    if ((await this.#budget.remaining()) > 0) return { refund: async () => {} };
    throw new AtollError('budget_exhausted', 'the questions to the model are used up for today', {
      hint: 'Raise ai.callsPerDay, or wait for tomorrow.',
    });
  }

  async #ask(request: ModelRequest): Promise<KeptAnswer> {
    const candidates = chooseCandidates(request.ranked, this.#settings.maxContextSongs).map(
      (index) => request.recordings[index]!,
    );
    const wishes = request.ranked.some(({ definition }) => definition.content.kind === 'discovery')
      ? WISHES
      : 0;
    const prompt = buildPrompt({
      candidates,
      lists: request.ranked,
      maxPerArtist: this.#settings.maxPerArtist,
      wishes,
      seed: request.seed,
    });
    const { text, tokens } = await this.#chat.complete(prompt, request.signal);
    if (tokens !== null) this.#onTokens(tokens);
    // The repair of broken JSON is loaded with the first answer: the host starts without it.
    const { readAnswer } = await import('./read-answer.js');
    const read = readAnswer(text, {
      lists: request.ranked.map(({ definition }) => definition),
      candidates: candidates.length,
      wishes,
    });
    if (!read) {
      throw new UpstreamError('upstream_invalid', `${this.model} answered without a list of songs`, {
        service: 'ai',
        hint: 'Try another model; small ones often cannot keep to a format.',
      });
    }
    const lists = [...read.lists].map(([name, numbers]) => [
      name,
      numbers.map((number) => candidates[number - 1]!.key),
    ]);
    return { lists: Object.fromEntries(lists), wishes: read.wishes };
  }
}

function proposal({ lists, wishes }: KeptAnswer, earlier: ModelProposal['earlier']): ModelProposal {
  return { lists: new Map(Object.entries(lists)), wishes, calls: earlier === null ? 1 : 0, earlier };
}
