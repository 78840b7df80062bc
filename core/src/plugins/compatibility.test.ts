import { manifestSchema } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { incompatibility, type PackageFacts } from './compatibility.js';

const host = { sdkVersion: '1.4.0', nodeVersion: '24.21.0' };
const facts = (over: Partial<PackageFacts> = {}, manifest: object = {}): PackageFacts => ({
  manifest: manifestSchema.parse({ apiVersion: 1, entry: './index.js', ...manifest }),
  sdkRange: undefined,
  dependencies: {},
  nodeRange: undefined,
  ...over,
});

describe('incompatibility', () => {
  it.each([
    facts(),
    facts({ sdkRange: '^1.2.0', nodeRange: '>=24' }),
    facts({}, { storage: ['sqlite', 'postgres'] }),
  ])('lets a fitting package pass', (plugin) => expect(incompatibility(plugin, host)).toBeNull());

  it.each([
    [facts({}, { apiVersion: 2 }), 'update Atoll'],
    [facts({ sdkRange: '^2.0.0' }), 'needs @atoll/sdk ^2.0.0, and this host has 1.4.0'],
    [facts({ dependencies: { '@atoll/sdk': '1.0.0' } }), 'peerDependencies'],
    [facts({ nodeRange: '>=26' }), 'update Node'],
    [facts({}, { storage: ['postgres'] }), 'PostgreSQL only'],
  ])('refuses with the cure', (plugin, cure) => expect(incompatibility(plugin, host)).toContain(cure));
});
