/** What a reference asks for: a variable (with what stands in for it) or the content of a file. */
export type Reference =
  | { readonly kind: 'env'; readonly name: string; readonly fallback: string | undefined }
  | { readonly kind: 'file'; readonly path: string };

export type ReferenceAnswer = { value: string } | { problem: string; hint: string };

/** The text with its references filled in. `resolved` tells whether there were any. */
export interface ResolvedText {
  readonly text: string;
  readonly resolved: boolean;
  readonly problems: readonly { message: string; hint: string }[];
}

const HINT = `write \${env:NAME}, \${env:NAME:-default} or \${file:/path}; a literal \${ is written $\${`;

/**
 * Fills in `${env:NAME}`, `${env:NAME:-default}` and `${file:/path}`; `$${` stands for a literal `${`. What a
 * reference yields is not searched for references again.
 */
export function resolveReferences(
  text: string,
  answer: (reference: Reference) => ReferenceAnswer,
): ResolvedText {
  let result = '';
  let resolved = false;
  const problems: { message: string; hint: string }[] = [];
  let position = 0;
  while (position < text.length) {
    if (text.startsWith('$${', position)) {
      result += '${';
      position += 3;
      continue;
    }
    if (!text.startsWith('${', position)) {
      result += text[position];
      position += 1;
      continue;
    }
    const end = text.indexOf('}', position);
    if (end === -1) {
      problems.push({ message: 'has a reference without its closing }', hint: HINT });
      break;
    }
    const reference = parseReference(text.slice(position + 2, end));
    if (reference) {
      const found = answer(reference);
      if ('problem' in found) problems.push({ message: found.problem, hint: found.hint });
      else result += found.value;
      resolved = true;
    } else {
      problems.push({ message: `has an unknown reference \${${text.slice(position + 2, end)}}`, hint: HINT });
    }
    position = end + 1;
  }
  return { text: result, resolved, problems };
}

function parseReference(body: string): Reference | undefined {
  const env = /^env:([A-Za-z_]\w*)(?::-(.*))?$/s.exec(body);
  if (env?.[1]) return { kind: 'env', name: env[1], fallback: env[2] };
  const file = /^file:(.+)$/s.exec(body);
  return file?.[1] ? { kind: 'file', path: file[1] } : undefined;
}
