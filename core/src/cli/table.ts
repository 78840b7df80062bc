import { stripVTControlCharacters } from 'node:util';
import { escapeControl } from '../logging/escape-control.js';

/** Aligned columns with a heading; null shows as `-`. No line ends with blanks. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => escapeControl(cell ?? '-') || '-'));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function width(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}
