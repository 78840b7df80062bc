const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// Control characters of both ranges, the separators that some viewers break lines at, and the marks that turn
// the direction of text: all can make one line of a log look like another.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Makes control characters visible, so that a text from outside stays on its line and commands no terminal. */
export function escapeControl(text: string): string {
  return text.replace(control, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return (
      named[character] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`)
    );
  });
}
