/** Services that answer the OpenAI chat protocol. */
export const aiBackends = [
  'gemini',
  'openai',
  'groq',
  'mistral',
  'openrouter',
  'ollama',
  'lmstudio',
] as const;

export type AiBackend = (typeof aiBackends)[number];

interface Backend {
  baseUrl: string;
  model: string;
  /** Runs on one's own machine and asks for no key. */
  keyless?: boolean;
}

const backends: Readonly<Record<AiBackend, Backend>> = {
  gemini: { baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai', model: 'gemini-2.5-flash' },
  openai: { baseUrl: 'https://api.openai.com/v1', model: 'gpt-4o-mini' },
  groq: { baseUrl: 'https://api.groq.com/openai/v1', model: 'llama-3.3-70b-versatile' },
  mistral: { baseUrl: 'https://api.mistral.ai/v1', model: 'mistral-small-latest' },
  openrouter: { baseUrl: 'https://openrouter.ai/api/v1', model: 'google/gemini-2.5-flash' },
  ollama: { baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.1', keyless: true },
  lmstudio: { baseUrl: 'http://127.0.0.1:1234/v1', model: 'local-model', keyless: true },
};

export interface AiSettings {
  apiKey: string;
  backend: AiBackend;
  model: string;
  baseUrl?: string;
}

/** Where and whom to ask. */
export interface AiTarget {
  backend: AiBackend;
  baseUrl: string;
  model: string;
  apiKey: string;
}

/** What the settings amount to; null when no model is to be asked: no key, and neither a keyless backend nor an address. */
export function aiTarget(settings: AiSettings): AiTarget | null {
  const backend = backends[settings.backend];
  if (settings.apiKey === '' && !backend.keyless && !settings.baseUrl) return null;
  return {
    backend: settings.backend,
    baseUrl: settings.baseUrl ?? backend.baseUrl,
    model: settings.model || backend.model,
    apiKey: settings.apiKey,
  };
}

/** Most tokens that models are known to answer with; a request for more is refused by many. */
const outputLimits: readonly (readonly [model: RegExp, tokens: number])[] = [
  [/gemini-(2\.5|3)/, 65_535],
  [/gemini/, 8_192],
  [/gpt-5|(^|\/)o[134]\b/, 65_535],
  [/gpt-4\.1/, 32_768],
  [/gpt-4o|chatgpt-4o/, 16_384],
  [/gpt-4-turbo|gpt-3\.5/, 4_096],
  [/gpt-4/, 8_192],
  [/claude-(opus|sonnet|haiku)-4|claude-3-7/, 32_000],
  [/claude/, 8_192],
  [/deepseek/, 8_192],
  [/llama-3\.[13]|llama3\.[13]/, 8_192],
];

/** The longest answer to ask a model for, at most `wanted` tokens. Models nobody knows get a cautious 8,192. */
export function outputTokens(model: string, wanted: number): number {
  const limit = outputLimits.find(([pattern]) => pattern.test(model.toLowerCase()))?.[1] ?? 8_192;
  return Math.min(wanted, limit);
}
