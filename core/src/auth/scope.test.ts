import { describe, expect, it } from 'vitest';
import { Principal } from './principal.js';
import { parseScope, scopeSchema } from './scope.js';

describe('parseScope', () => {
  it.each([
    ['read', { level: 'read', plugin: null }],
    ['admin', { level: 'admin', plugin: null }],
    ['plugin:octogen', { level: 'operate', plugin: 'octogen' }],
    ['plugin:octogen:admin', { level: 'admin', plugin: 'octogen' }],
  ])('reads %s', (scope, parsed) => {
    expect(parseScope(scope)).toEqual(parsed);
  });

  it.each([
    '',
    'root',
    'public',
    'Read',
    'plugin:',
    'plugin:a:',
    'plugin:a:public',
    'plugin:a:read:x',
    'plugin:A',
    'plugin:../a',
    'plugins:a',
  ])('refuses "%s"', (scope) => {
    expect(parseScope(scope)).toBeUndefined();
    expect(scopeSchema.safeParse(scope).success).toBe(false);
  });
});

describe('a principal', () => {
  it('adds up its scopes', () => {
    const caller = new Principal('ci', ['read', 'plugin:octogen:admin', 'plugin:octogen:read']);
    expect(caller.allows('read', null)).toBe(true);
    expect(caller.allows('operate', null)).toBe(false);
    expect(caller.allows('admin', 'octogen')).toBe(true);
    expect(caller.allows('operate', 'arr')).toBe(false);
    expect(caller.allows('read', 'arr')).toBe(true);
  });

  it('may do nothing with a scope that is none', () => {
    const caller = new Principal('old', ['superuser']);
    expect(caller.allows('read', null)).toBe(false);
    expect(caller.allows('public', null)).toBe(true);
  });
});
