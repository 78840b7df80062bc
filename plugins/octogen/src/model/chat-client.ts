import { AuthError, type HttpClient, isAtollError, UpstreamError, z } from '@atoll/sdk';
import { type AiTarget, outputTokens } from './ai-backend.js';

export interface ChatAnswer {
  text: string;
  /** Tokens of question and answer, where the service counts them. */
  tokens: number | null;
}

const contentPart = z.union([z.string(), z.object({ text: z.string().optional() })]);

const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.union([z.string(), z.array(contentPart)]).nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ total_tokens: z.number().nullish() }).nullish(),
});

/** Fields that some models and servers refuse with HTTP 400, in the order in which they are given up. */
const dispensable = ['response_format', 'max_tokens', 'temperature'] as const;

/** Asks one model of an OpenAI-compatible service, and remembers which fields it does not take. */
export class ChatClient {
  readonly #http: HttpClient;
  readonly #target: AiTarget;
  readonly #maxOutputTokens: number;
  readonly #refused = new Set<string>();

  constructor(http: HttpClient, target: AiTarget, maxOutputTokens: number) {
    this.#http = http;
    this.#target = target;
    this.#maxOutputTokens = maxOutputTokens;
  }

  /** Who is asked, for messages. */
  get model(): string {
    return this.#target.model;
  }

  /**
   * Sends one question. Fails with an AuthError where the key is refused, and with an UpstreamError for anything
   * else, also for an answer without text (`upstream_invalid`).
   */
  async complete(prompt: string, signal: AbortSignal): Promise<ChatAnswer> {
    for (;;) {
      try {
        return this.#read(await this.#send(prompt, signal));
      } catch (error) {
        if (isRefusedKey(error)) throw this.#authError(error);
        if (!this.#giveUpField(error)) throw error;
      }
    }
  }

  async #send(prompt: string, signal: AbortSignal): Promise<z.output<typeof completion>> {
    const body: Record<string, unknown> = {
      model: this.#target.model,
      messages: [{ role: 'user', content: prompt }],
      temperature: 0.8,
      max_tokens: outputTokens(this.#target.model, this.#maxOutputTokens),
      response_format: { type: 'json_object' },
    };
    for (const field of this.#refused) delete body[field];
    const response = await this.#http.request('/chat/completions', {
      method: 'POST',
      json: body,
      signal,
      // Asking again after a rate limit or a lost connection costs at most a second answer.
      retry: true,
    });
    return response.json(completion);
  }

  #read(answer: z.output<typeof completion>): ChatAnswer {
    const choice = answer.choices?.[0];
    const content = choice?.message?.content;
    const text = Array.isArray(content)
      ? content.map((part) => (typeof part === 'string' ? part : (part.text ?? ''))).join('')
      : (content ?? '');
    if (text.trim() === '') {
      const reason = choice?.finish_reason ? ` (it ended with "${choice.finish_reason}")` : '';
      throw new UpstreamError('upstream_invalid', `${this.model} answered without any text${reason}`, {
        service: this.#http.name,
        hint: 'Raise ai.maxOutputTokens or try another model.',
      });
    }
    return { text, tokens: answer.usage?.total_tokens ?? null };
  }

  /** On a 400, leaves out the field that the message names, else the next one. False when none is left. */
  #giveUpField(error: unknown): boolean {
    if (!isUpstream(error) || (error.upstreamStatus !== 400 && error.upstreamStatus !== 422)) return false;
    const left = dispensable.filter((field) => !this.#refused.has(field));
    const field = left.find((name) => error.message.includes(name)) ?? left[0];
    if (field === undefined) return false;
    this.#refused.add(field);
    return true;
  }

  #authError(cause: unknown): AuthError {
    return new AuthError(`${this.#target.backend} refused the API key`, {
      hint: 'Set ai.apiKey (AI_API_KEY) to a key of the backend that ai.backend names.',
      cause,
    });
  }
}

function isRefusedKey(error: unknown): boolean {
  if (!isUpstream(error)) return false;
  if (error.upstreamStatus === 401 || error.upstreamStatus === 403) return true;
  return error.upstreamStatus === 400 && /api[ _-]?key/i.test(error.message);
}

function isUpstream(error: unknown): error is UpstreamError {
  return isAtollError(error) && 'service' in error;
}
