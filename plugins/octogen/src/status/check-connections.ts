import { type Clock, type ConnectionResult, isAtollError } from '@atoll/sdk';
import type { AiTarget } from '../model/ai-backend.js';
import type { MusicServer } from '../server/music-server.js';
import { describeServer } from './server-watch.js';

/** How long a server may take to answer somebody who waits for the test's end. */
const PATIENCE_MS = 10_000;

export interface ConnectionParts {
  server: MusicServer | null;
  missing: readonly string[];
  target: AiTarget | null;
  clock: Clock;
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
  { server, missing, clock }: ConnectionParts,
  signal: AbortSignal,
): Promise<ConnectionResult> {
  const name = 'music server';
  if (!server) {
    return {
      name,
      status: 'degraded',
      message: `${missing.join(', ')} not set`,
      hint: 'Set the address, user and password of your Navidrome or other Subsonic server.',
    };
  }
  const late = new AbortController();
  const done = clock.setTimeout(() => late.abort(), PATIENCE_MS);
  try {
    const info = await server.probe(AbortSignal.any([signal, late.signal]));
    return { name, status: 'healthy', message: describeServer(info).message };
  } catch (error) {
    if (late.signal.aborted) {
      return {
        name,
        status: 'unhealthy',
        message: `no answer within ${PATIENCE_MS / 1000} s`,
        hint: 'Check navidrome.url (NAVIDROME_URL): the port, http or https, and that no firewall swallows the calls.',
      };
    }
    if (!isAtollError(error)) throw error;
    return { name, status: 'unhealthy', message: error.message, hint: error.hint };
  } finally {
    await done();
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
