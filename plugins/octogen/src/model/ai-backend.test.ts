import { describe, expect, it } from 'vitest';
import { aiBackends, aiTarget, outputTokens } from './ai-backend.js';

describe('aiTarget', () => {
  it('asks nobody without a key', () => {
    expect(aiTarget({ apiKey: '', backend: 'gemini', model: '' })).toBeNull();
  });

  it.each(aiBackends)('knows where %s is', (backend) => {
    const target = aiTarget({ apiKey: 'key', backend, model: '' });
    expect(URL.canParse(target?.baseUrl ?? '')).toBe(true);
    expect(target?.model).not.toBe('');
  });

  it.each(['ollama', 'lmstudio'] as const)('needs no key for %s', (backend) => {
    expect(aiTarget({ apiKey: '', backend, model: 'mine' })).toMatchObject({ model: 'mine' });
  });

  it('needs no key for an address of one’s own', () => {
    const target = aiTarget({
      apiKey: '',
      backend: 'openai',
      model: 'm',
      baseUrl: 'http://192.168.1.2:8080/v1',
    });
    expect(target?.baseUrl).toBe('http://192.168.1.2:8080/v1');
  });
});

describe('outputTokens', () => {
  it.each([
    ['gemini-2.5-flash', 65_535, 65_535],
    ['google/gemini-2.5-flash', 65_535, 65_535],
    ['gpt-4o-mini', 65_535, 16_384],
    ['gpt-4o-mini', 1_000, 1_000],
    ['gpt-3.5-turbo', 65_535, 4_096],
    ['someones-own-model', 65_535, 8_192],
  ])('asks %s for %i tokens with %i', (model, wanted, asked) => {
    expect(outputTokens(model, wanted)).toBe(asked);
  });
});
