/**
 * How alike two folded texts are, 0–1: twice the length of their longest common subsequence over both lengths
 * (never below Ratcliff–Obershelp's ratio, and equal to it for one typing mistake). Spaces do not count, so that
 * "ac dc" is "acdc".
 */
export function similarity(a: string, b: string): number {
  if (a === b) return 1;
  return ratio(a.replaceAll(' ', ''), b.replaceAll(' ', ''), 0);
}

/** As `similarity`, but 0 as soon as it is sure to be below `floor`. For texts without spaces. */
export function ratio(a: string, b: string, floor: number): number {
  if (a === b) return a === '' ? 0 : 1;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const total = short.length + long.length;
  if (short.length === 0 || (2 * short.length) / total < floor) return 0;
  const result = (2 * longestCommonSubsequence(short, long)) / total;
  return result < floor ? 0 : result;
}

let row = new Uint16Array(128);

function longestCommonSubsequence(short: string, long: string): number {
  let start = 0;
  while (start < short.length && short.charCodeAt(start) === long.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < short.length - start &&
    short.charCodeAt(short.length - 1 - end) === long.charCodeAt(long.length - 1 - end)
  ) {
    end++;
  }
  const width = short.length - start - end;
  if (width === 0) return start + end;
  if (row.length <= width) row = new Uint16Array(width * 2);
  row.fill(0, 0, width + 1);
  for (let i = start; i < long.length - end; i++) {
    const char = long.charCodeAt(i);
    let diagonal = 0;
    for (let j = 1; j <= width; j++) {
      const above = row[j] as number;
      if (short.charCodeAt(start + j - 1) === char) row[j] = diagonal + 1;
      else if ((row[j - 1] as number) > above) row[j] = row[j - 1] as number;
      diagonal = above;
    }
  }
  return start + end + (row[width] as number);
}
