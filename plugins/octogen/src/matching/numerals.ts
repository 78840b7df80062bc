const roman: Record<string, string> = {
  i: '1',
  ii: '2',
  iii: '3',
  iv: '4',
  v: '5',
  vi: '6',
  vii: '7',
  viii: '8',
  ix: '9',
  x: '10',
};

/** The numbers of a folded title in order, Roman ones too where they count something: "part ii", a last "iii". */
function numerals(folded: string): string {
  const words = folded.split(' ');
  return words
    .map((word, at) => {
      if (/^\d+$/.test(word)) return String(Number(word));
      if (/\d/.test(word)) return word.replace(/\D+/g, '.');
      const counted =
        at > 0 && (word.length > 1 || /^(?:part|volume|no|chapter|act)$/.test(words[at - 1] ?? ''));
      return counted ? (roman[word] ?? '') : '';
    })
    .filter((number) => number !== '')
    .join(' ');
}

/** False for "Part 1" and "Part 2", however alike the rest is. */
export function sameNumerals(a: string, b: string): boolean {
  return a === b || numerals(a) === numerals(b);
}
