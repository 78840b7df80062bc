import { AtollError } from '@atoll/sdk';
import type { TokenRecord } from '../../auth/token-store.js';
import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';
import { formatTable } from '../table.js';
import { openTokens } from '../tokens.js';

export const declareToken: DeclareCommand = (program, action) => {
  const token = program.command('token').description('API tokens, on the running host or on the data folder');
  token
    .command('create')
    .description('make a token and print it, once')
    .argument('<name>', 'what it is for')
    .option('--admin', 'short for --scope admin')
    .option('--scope <scope...>', 'read, operate, admin, plugin:<id> or plugin:<id>:<read|operate|admin>')
    .option('--expires <time>', 'when it ends: a date, or a duration such as 30d or 12h')
    .action(action(create));
  token.command('list').description('list the tokens, never their values').action(action(list));
  token.command('revoke').description('end a token at once').argument('<id>').action(action(revoke));
};

interface CreateOptions {
  admin?: boolean;
  scope?: string[];
  expires?: string;
}

async function create(context: CliContext, name: string, options: CreateOptions): Promise<void> {
  const scopes = [...(options.scope ?? []), ...(options.admin ? ['admin'] : [])];
  if (scopes.length === 0) {
    throw new AtollError('usage', 'a token needs a scope', { hint: 'Give --scope read, or --admin.' });
  }
  const expiresAt = options.expires === undefined ? undefined : parseExpiry(options.expires, Date.now());
  await using tokens = await openTokens(context);
  const { token, record } = await tokens.create({ name, scopes, expiresAt });
  context.print({ token, ...record }, (made) => made.token);
  context.note(`This is the only time it is shown. Its id is ${record.id}.`);
}

async function list(context: CliContext): Promise<void> {
  await using tokens = await openTokens(context);
  context.print(await tokens.list(), describe);
}

async function revoke(context: CliContext, id: string): Promise<void> {
  await using tokens = await openTokens(context);
  await tokens.revoke(id);
  context.print({ id, revoked: true }, () => `the token ${id} is revoked`);
}

function describe(records: readonly TokenRecord[]): string {
  if (records.length === 0) return 'There are no tokens.';
  return formatTable(
    ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'],
    records.map((record) => [
      record.id,
      record.name,
      record.scopes.join(' '),
      record.createdAt,
      record.expiresAt,
      record.lastUsedAt,
    ]),
  );
}

const units = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** A time in ISO 8601, or a duration from `now`. */
export function parseExpiry(text: string, now: number): Date {
  const duration = /^(\d{1,5})([hdw])$/.exec(text);
  if (duration) return new Date(now + Number(duration[1]) * units[duration[2] as keyof typeof units]);
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new AtollError('usage', `"${text}" is neither a time nor a duration`, {
    hint: 'Write --expires 30d, 12h, 4w, or a date such as 2027-01-31.',
  });
}
