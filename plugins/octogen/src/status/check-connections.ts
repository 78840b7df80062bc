import { type ConnectionResult, isAtollError } from '@atoll/sdk';
import type { AiTarget } from '../model/ai-backend.js';
import type { MusicServer } from '../server/music-server.js';
import { describeServer } from './server-watch.js';

export interface ConnectionParts {
  server: MusicServer | null;
  missing: readonly string[];
  target: AiTarget | null;
}

/** Tests what the config names: signs in to the music server, and looks whether backend and model go together. */
export async function checkConnections(
  parts: ConnectionParts,
  signal: AbortSignal,
): Promise<ConnectionResult[]> {
  const results = [await checkServer(parts, signal)];
  if (parts.target) results.push(checkModel(parts.target));
  return results;
}

async function checkServer(
  { server, missing }: ConnectionParts,
  signal: AbortSignal,
): Promise<ConnectionResult> {
  const name = 'music server';
  if (!server) {
    return {
      name,
      status: 'degraded',
      message: `${missing.join(', ')} not set`,
      hint: 'Enter the address, user and password of your Navidrome or other Subsonic server.',
    };
  }
  try {
    return { name, status: 'healthy', message: describeServer(await server.probe(signal)).message };
  } catch (error) {
    if (!isAtollError(error)) throw error;
    return { name, status: 'unhealthy', message: error.message, hint: error.hint };
  }
}

const families: readonly (readonly [model: RegExp, backends: readonly string[]])[] = [
  [/^gemini/, ['gemini']],
  [/^(gpt-[345]|chatgpt|o[134](-|$))/, ['openai']],
];

/** No question is sent: each may cost money. */
function checkModel({ backend, model, baseUrl }: AiTarget): ConnectionResult {
  const name = 'language model';
  const family = families.find(([pattern]) => pattern.test(model.toLowerCase()));
  if (family && !family[1].includes(backend) && !/localhost|127\.0\.0\.1|openrouter/.test(baseUrl)) {
    return {
      name,
      status: 'degraded',
      message: `${backend} is not where ${model} is usually found`,
      hint: 'Set AI_BACKEND and AI_MODEL to a pair that belongs together.',
    };
  }
  return {
    name,
    status: 'healthy',
    message: `${model} at ${new URL(baseUrl).host}, asked when lists are made`,
  };
}
