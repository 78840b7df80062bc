import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

// Spelled in parts, so that this file passes its own check.
const marker = new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b(?!\\s*\\(#\\d+\\))`);
/** A comment line that reads as a statement: it ends as code does, and starts or continues as code does. */
const statement =
  /^(?:(?:const|let|var|return|if|for|while|switch|case|import|export|await|throw|function|class)\b.*[;{}(]|[\w.[\]]+\s*(?:=|\+=|\?\?=)\s*[^=].*;|[\w.]+\(.*\);?|[})\]]+[;,]?)$/;

/** Comments that hold code, and open work without the number of an issue. */
export function checkComments(): string[] {
  const files = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx', '*.mjs', '*.js'],
    { encoding: 'utf8' },
  );
  return (
    files
      .split('\n')
      // git names a file that is deleted and not yet committed, too.
      .filter((file) => file !== '' && existsSync(file))
      .flatMap((file) => findings(file, readFileSync(file, 'utf8')))
  );
}

/** Findings in one source text, as `file:line: what`. */
export function findings(file: string, text: string): string[] {
  const found: string[] = [];
  text.split('\n').forEach((line, index) => {
    const comment = line.match(/(?:^|\s)\/\/\s?(.*)$/)?.[1]?.trim();
    if (comment === undefined || line.includes('://')) return;
    if (marker.test(comment))
      found.push(`${file}:${index + 1}: open work without an issue number (#123): ${comment}`);
    if (statement.test(comment) && line.trim().startsWith('//'))
      found.push(`${file}:${index + 1}: commented-out code: ${comment}`);
  });
  return found;
}
