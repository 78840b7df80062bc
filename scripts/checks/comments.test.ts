import { describe, expect, it } from 'vitest';
import { findings } from './comments.ts';

describe('findings', () => {
  it.each([
    '// const a = 1;',
    '  // return value;',
    '// foo.bar(1, 2);',
    '// }',
    '// if (a) {',
    '// a.b = c;',
  ])('reports commented-out code: %s', (line) => expect(findings('a.ts', line)).toHaveLength(1));

  it.each([
    '// Ends before the pool does.',
    '// if the file is gone, the next start makes it',
    'const a = 1; // in milliseconds',
    '// See https://example.org/a;',
    '// Node 24 only',
  ])('lets prose pass: %s', (line) => expect(findings('a.ts', line)).toEqual([]));

  it('wants an issue number behind open work', () => {
    const word = ['TO', 'DO'].join('');
    expect(findings('a.ts', `// ${word}: later`)).toHaveLength(1);
    expect(findings('a.ts', `// ${word}(#12): later`)).toEqual([]);
  });
});
