const LONGEST = 80;

/**
 * A tag as it may stand in a prompt: one line, no control, invisible or direction-changing characters, no column
 * separator, bounded. Tags are written by anyone, so what is left is data and cannot pose as a line of ours.
 */
export function cleanTag(tag: string): string {
  const line = tag
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, ' ')
    .replace(/[|{}[\]`<>]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : line;
}
