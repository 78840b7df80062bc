import type { HostGateway } from './host-gateway.js';

/** The items of a list of the API, page after page, up to `limit`. */
export async function listAll<T>(
  host: Pick<HostGateway, 'request'>,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
  limit = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const parameters = new URLSearchParams(
      Object.entries({ ...query, cursor: cursor ?? undefined }).filter(
        (pair): pair is [string, string] => !!pair[1],
      ),
    ).toString();
    const page: { items: T[]; nextCursor: string | null } = await host.request(
      'GET',
      parameters === '' ? path : `${path}?${parameters}`,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return items.slice(0, limit);
}
