import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Where examples are compiled: inside of the repository, so that they find its packages. */
const workshop = join('node_modules', '.cache', 'atoll-docs');

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
};

/** A fenced block of TypeScript. */
export interface CodeBlock {
  /** Where it would stand: named behind `ts`, else by its number. */
  path: string;
  /** Of its first line of code, from 1. */
  line: number;
  code: string;
}

/** Relative links of all Markdown files that lead nowhere, and examples that do not compile. Needs a build. */
export function checkMarkdown(): string[] {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(file));
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  return [...checkLinks(texts), ...checkExamples(texts)];
}

function checkLinks(texts: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [file, text] of texts) {
    for (const { target, line } of relativeLinks(text)) {
      const [path = '', anchor] = target.split('#');
      const aim = path === '' ? file : join(dirname(file), decodeURIComponent(path));
      const headings = anchor === undefined ? undefined : headingAnchors(texts.get(aim) ?? '');
      if (!existsSync(aim)) found.push(`${file}:${line}: ${target} is not there`);
      else if (headings && anchor && !headings.includes(anchor)) {
        found.push(`${file}:${line}: ${aim} has no heading #${anchor}`);
      }
    }
  }
  return found;
}

function checkExamples(texts: ReadonlyMap<string, string>): string[] {
  rmSync(workshop, { recursive: true, force: true });
  const places = new Map<string, { file: string; line: number }>();
  for (const [file, text] of texts) {
    for (const { path, line, code } of completeBlocks(text)) {
      const place = join(workshop, file.replace(/\.md$/, ''), path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, code);
      places.set(place, { file, line });
    }
  }
  const config = { compilerOptions, files: [...places.keys()].map((place) => relative(workshop, place)) };
  writeFileSync(join(workshop, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(workshop, 'package.json'), '{ "type": "module" }');
  const { stdout } = spawnSync('tsc', ['-p', workshop, '--pretty', 'false'], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => inMarkdown(line, places));
}

/** A message of the compiler, about the line of the Markdown file. */
function inMarkdown(message: string, places: ReadonlyMap<string, { file: string; line: number }>): string {
  const [, path = '', row = '', rest = ''] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(message) ?? [];
  const place = places.get(path);
  return place ? `${place.file}:${place.line + Number(row) - 1}: ${rest}` : message;
}

/** The targets of links and pictures that name no scheme, outside of code. */
export function relativeLinks(text: string): { target: string; line: number }[] {
  return withoutCode(text).flatMap((line, index) =>
    [...line.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => ({ target, line: index + 1 }))
      .filter(({ target }) => !/^[a-z][a-z0-9+.-]*:/i.test(target)),
  );
}

/** The anchors that the headings of a page make. */
export function headingAnchors(text: string): string[] {
  return withoutCode(text, { inline: true })
    .filter((line) => /^#{1,6} /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    );
}

/** Blocks of TypeScript that stand for themselves: those that begin with an import. */
export function completeBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let fence: { path: string; line: number; code: string[] } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const opens = /^```ts(?: (\S+))?$/.exec(line);
    if (fence === null && opens) {
      fence = { path: opens[1] ?? `${index + 1}.ts`, line: index + 2, code: [] };
    } else if (fence !== null && line === '```') {
      if (fence.code[0]?.startsWith('import ')) blocks.push({ ...fence, code: `${fence.code.join('\n')}\n` });
      fence = null;
    } else fence?.code.push(line);
  }
  return blocks;
}

/** The lines, with fenced code blank; code in a line is blank too, unless `inline` keeps it. */
function withoutCode(text: string, { inline = false } = {}): string[] {
  let fenced = false;
  return text.split('\n').map((line) => {
    const fence = /^\s*```/.test(line);
    if (fence) fenced = !fenced;
    if (fence || fenced) return '';
    return inline ? line : line.replaceAll(/`[^`]*`/g, '');
  });
}
