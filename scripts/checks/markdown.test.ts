import { describe, expect, it } from 'vitest';
import { completeBlocks, headingAnchors, relativeLinks } from './markdown.ts';

const fence = '```';

describe('relativeLinks', () => {
  it('finds links and pictures, and leaves out addresses and code', () => {
    const text = [
      'See [one](a.md), ![two](b/c.png) and [three](#here).',
      '[web](https://example.org) [mail](mailto:a@example.org) `[code](x.md)`',
      `${fence}md`,
      '[fenced](y.md)',
      fence,
      '[`four`](d.md#part)',
    ].join('\n');
    expect(relativeLinks(text)).toEqual([
      { target: 'a.md', line: 1 },
      { target: 'b/c.png', line: 1 },
      { target: '#here', line: 1 },
      { target: 'd.md#part', line: 6 },
    ]);
  });
});

describe('headingAnchors', () => {
  it('writes headings as GitHub does', () => {
    const text = [
      '# One',
      '## Why is a song on a list?',
      '### `atoll init [folder]`',
      'text',
      '# Für Ä-b',
    ].join('\n');
    expect(headingAnchors(text)).toEqual(['one', 'why-is-a-song-on-a-list', 'atoll-init-folder', 'für-ä-b']);
  });
});

describe('completeBlocks', () => {
  it('takes blocks that begin with an import, under their name or their line', () => {
    const text = [
      `${fence}ts src/index.ts`,
      "import { z } from '@atoll/sdk';",
      'z.string();',
      fence,
      `${fence}ts`,
      'const part = 1;',
      fence,
      `${fence}ts`,
      "import 'x';",
      fence,
    ].join('\n');
    expect(completeBlocks(text)).toEqual([
      { path: 'src/index.ts', line: 2, code: "import { z } from '@atoll/sdk';\nz.string();\n" },
      { path: '8.ts', line: 9, code: "import 'x';\n" },
    ]);
  });
});
