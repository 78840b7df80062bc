import { isAtollError, type PluginContext, type Resilience } from '@atoll/sdk';
import type { OctogenConfig } from '../config.js';
import type { AiTarget } from './ai-backend.js';
import { ChatClient } from './chat-client.js';
import { DayAnswers } from './day-answers.js';
import { ModelEngine } from './model-engine.js';

const ANSWER_BYTES = 4 * 1024 * 1024;

export interface ModelEngineParts {
  ctx: PluginContext<OctogenConfig>;
  /** The one whose calls are to be made; may measure what the context's does not. */
  resilience: Resilience;
  target: AiTarget;
  onTokens(tokens: number): void;
}

/** The language-model engine of a config, with its protection. Connects to nothing. */
export function createModelEngine({ ctx, resilience, target, onTokens }: ModelEngineParts): ModelEngine {
  const { ai, playlists } = ctx.config;
  const client = resilience.client('ai', {
    baseUrl: target.baseUrl,
    headers: target.apiKey === '' ? {} : { authorization: `Bearer ${target.apiKey}` },
    maxBytes: ANSWER_BYTES,
    policy: {
      timeoutMs: ai.requestTimeout,
      retry: { attempts: 3, initialDelayMs: 10_000, maxDelayMs: 60_000, when: isWorthAnotherTry },
    },
  });
  return new ModelEngine(
    new ChatClient(client, target, ai.maxOutputTokens),
    ctx.resilience.budget('ai', { limit: ai.callsPerDay, per: 'day' }),
    new DayAnswers(ctx.storage.kv),
    { maxContextSongs: ai.maxContextSongs, maxPerArtist: playlists.maxPerArtist },
    onTokens,
  );
}

/** Rate limits and passing outages. Not a timeout: a model that was silent for minutes is not asked twice more. */
function isWorthAnotherTry(error: unknown): boolean {
  if (isAtollError(error, 'upstream_rate_limited') || isAtollError(error, 'upstream_unreachable'))
    return true;
  const status = isAtollError(error) && 'upstreamStatus' in error ? error.upstreamStatus : undefined;
  return status === 502 || status === 503 || status === 504;
}
