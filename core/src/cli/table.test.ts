import { expect, it } from 'vitest';
import { formatTable } from './table.js';

it('aligns columns, shows nothing as a dash, and leaves no blanks at the ends', () => {
  expect(
    formatTable(
      ['ID', 'STATE', 'REASON'],
      [
        ['octogen', 'running', null],
        ['é', '', 'x'],
      ],
    ),
  ).toBe('ID       STATE    REASON\noctogen  running  -\né        -        x');
});

it('keeps what comes from outside on its line', () => {
  expect(formatTable(['A'], [['x\ny\u001b[2J']])).toBe('A\nx\\ny\\x1b[2J');
});
