import { createToken } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { ServiceRegistry } from './service-registry.js';

const TAGS = createToken<{ tag(): string }>('tags.reader');
const provider = { plugin: 'tags', uses: [], provides: ['tags.reader'] };
const user = { plugin: 'songs', uses: ['tags'], provides: [] };
const service = { tag: () => 'rock' };

describe('ServiceRegistry', () => {
  it("hands the provider's own object to a plugin that declares its use", () => {
    const registry = new ServiceRegistry();
    registry.forPlugin(provider).provide(TAGS, service);
    expect(registry.forPlugin(user).use(TAGS)).toBe(service);
  });

  it('withdraws a service with its disposer', async () => {
    const registry = new ServiceRegistry();
    await registry.forPlugin(provider).provide(TAGS, service)();
    expect(() => registry.forPlugin(user).use(TAGS)).toThrow('no running plugin provides "tags.reader"');
  });

  it('refuses what the manifests do not declare', () => {
    const registry = new ServiceRegistry();
    expect(() => registry.forPlugin({ ...provider, provides: [] }).provide(TAGS, service)).toThrow(
      'without saying so',
    );
    registry.forPlugin(provider).provide(TAGS, service);
    expect(() => registry.forPlugin({ ...user, uses: [] }).use(TAGS)).toThrow('without saying so');
  });

  it('refuses a second provider', () => {
    const registry = new ServiceRegistry();
    registry.forPlugin(provider).provide(TAGS, service);
    expect(() => registry.forPlugin({ ...provider, plugin: 'other' }).provide(TAGS, service)).toThrow(
      'already provided by tags',
    );
  });

  it('prefers a swapped service', () => {
    const fake = { tag: () => 'fake' };
    expect(new ServiceRegistry(new Map([[TAGS as symbol, fake]])).forPlugin(user).use(TAGS)).toBe(fake);
  });
});
