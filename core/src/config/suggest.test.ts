import { expect, it } from 'vitest';
import { isPlaceholder } from './placeholder.js';
import { suggest } from './suggest.js';

it.each([
  ['prot', ['port', 'host'], 'port'],
  ['shutdown_ms', ['shutdownMs'], 'shutdownMs'],
  ['lgo', ['log', 'http'], 'log'],
  ['passwrod', ['password', 'user'], 'password'],
  ['banana', ['port', 'host'], undefined],
  ['x', [], undefined],
])('suggests for %s among %j: %s', (word, candidates, near) => expect(suggest(word, candidates)).toBe(near));

it.each([
  'changeme',
  'Change-Me',
  'change_this',
  'your-api-key-here',
  'YOUR_TOKEN',
  'placeholder',
  'xxx',
  '<your key>',
  '***',
  'TODO',
  'my-api-key',
  'insert-key-here',
  ' changeme ',
])('takes %j for a placeholder', (text) => expect(isPlaceholder(text)).toBe(true));

it.each(['', 'hunter2', 'changeme-not-really-7', 'your mother', 'x1', 'sk-xxx1', 'password', 'a<b>'])(
  'takes %j for a secret',
  (text) => expect(isPlaceholder(text)).toBe(false),
);
