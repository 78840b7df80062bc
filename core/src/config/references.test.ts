// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written like that in a config file.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reference, type ReferenceAnswer, resolveReferences } from './references.js';

const answer = (reference: Reference): ReferenceAnswer => {
  if (reference.kind === 'file') return { value: `<${reference.path}>` };
  if (reference.name === 'A') return { value: 'one' };
  if (reference.name === 'NESTED') return { value: '${env:A}' };
  return reference.fallback === undefined
    ? { problem: 'none', hint: 'set it' }
    : { value: reference.fallback };
};

/** What a person writes to get `text` itself. */
const escapeReferences = (text: string): string => text.replaceAll('${', () => '$${');

describe('resolveReferences', () => {
  it.each([
    ['plain $ text } {', 'plain $ text } {', false],
    ['${env:A}', 'one', true],
    ['x${env:A}${env:A}y', 'xoneoney', true],
    ['${env:B:-two}', 'two', true],
    ['${env:B:-}', '', true],
    ['${env:A:-two}', 'one', true],
    ['${file:/run/x y}', '</run/x y>', true],
    ['$${env:A}', '${env:A}', false],
    ['$$${env:A}', '$${env:A}', false],
    ['${env:NESTED}', '${env:A}', true],
  ])('fills in %j', (text, expected, resolved) => {
    expect(resolveReferences(text, answer)).toEqual({ text: expected, resolved, problems: [] });
  });

  it.each(['${env:B}', '${HOME}', '${env:}', '${env:1A}', '${file:}', '${}', 'x ${env:A', '${secret:x}'])(
    'refuses %j',
    (text) => {
      expect(resolveReferences(text, answer).problems).toHaveLength(1);
    },
  );

  it('leaves an escaped text as it was', () => {
    const texts = fc
      .array(fc.constantFrom('$', '{', '}', 'env:A', 'x', '${', '$${'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(texts, fc.string()), (text) => {
        expect(resolveReferences(escapeReferences(text), answer)).toEqual({
          text,
          resolved: false,
          problems: [],
        });
      }),
    );
  });
});
