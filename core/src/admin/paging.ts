import { AtollError, z } from '@atoll/sdk';

export const pageQuery = z.strictObject({
  cursor: z.string().max(500).optional().meta({ description: 'The nextCursor of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** The shape of every list. */
export function listOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Pass it as cursor for the next page; null on the last.' }),
  });
}

/**
 * One page of a list that is short enough to be held whole. The cursor names the last item of the page before, so
 * that items which come or go meanwhile shift nothing.
 */
export function pageOf<T>(
  items: readonly T[],
  key: (item: T) => string,
  { cursor, limit }: z.output<typeof pageQuery>,
): { items: T[]; nextCursor: string | null } {
  let start = 0;
  if (cursor !== undefined) {
    start = items.findIndex((item) => key(item) === cursor) + 1;
    if (start === 0) {
      throw new AtollError('bad_request', 'The cursor names nothing in this list.', {
        hint: 'Start again without a cursor.',
      });
    }
  }
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return { items: page, nextCursor: last !== undefined && start + limit < items.length ? key(last) : null };
}
