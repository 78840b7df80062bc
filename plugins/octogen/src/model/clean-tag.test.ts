import { describe, expect, it } from 'vitest';
import { cleanTag } from './clean-tag.js';

describe('cleanTag', () => {
  it.each([
    ['Björk', 'Björk'],
    ['  two\tspaces  ', 'two spaces'],
    ['line\nbreak\r\n99 | Faked | Song', 'line break 99 Faked Song'],
    ['nul\u0000 and bell\u0007', 'nul and bell'],
    ['zero\u200bwidth \u202eright to left', 'zero width right to left'],
    ['a | b {"lists": []} `code` <tag>', 'a b "lists": code tag'],
    ['', ''],
  ])('makes %j one harmless line', (tag, line) => {
    expect(cleanTag(tag)).toBe(line);
  });

  it('cuts long tags without cutting a character in two', () => {
    const cut = cleanTag('🎵'.repeat(200));
    expect(Array.from(cut)).toHaveLength(80);
    expect(cut.endsWith('🎵…')).toBe(true);
  });
});
