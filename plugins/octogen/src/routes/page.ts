import { AtollError, z } from '@atoll/sdk';

/** The query of a list that is read page by page. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(1000).optional(),
});

/** One page of items that are sorted by a unique key. Throws `bad_request` for a cursor that is none of ours. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor }: z.output<typeof pageQuery>,
): { items: T[]; nextCursor: string | null } {
  const after = cursor === undefined ? null : decode(cursor);
  const rest = after === null ? [...items] : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, nextCursor: rest.length > limit && last !== undefined ? encode(keyOf(last)) : null };
}

function encode(key: string): string {
  return Buffer.from(`k${key}`).toString('base64url');
}

function decode(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (text.startsWith('k')) return text.slice(1);
  throw new AtollError('bad_request', 'the cursor is not one of this list', {
    hint: 'Pass nextCursor of the page before, or leave it out for the first page.',
  });
}
