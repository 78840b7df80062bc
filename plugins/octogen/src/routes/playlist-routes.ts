import { AtollError, type PluginContext, z } from '@atoll/sdk';
import { pickSources } from '../generation/ranked-list.js';
import type { Library } from '../library/library.js';
import type { WriteLists } from '../run/write-lists.js';
import type { Ledger } from '../writing/ledger.js';
import type { LedgerEntry, ListVersion } from '../writing/ledger-entry.js';
import { diffPlaylist } from '../writing/playlist-diff.js';
import { pageOf, pageQuery } from './page.js';

export interface PlaylistRouteParts {
  library: Library;
  ledger: Ledger;
  writeLists: WriteLists;
}

const summary = z.object({
  /** The music server's id. */
  id: z.string(),
  name: z.string(),
  /** Which of the lists it is; differs from the name where the user had one of that name. */
  list: z.string(),
  about: z.string(),
  songs: z.int(),
  short: z.string().nullable(),
  writtenAt: z.iso.datetime(),
});

const listedSong = z.object({
  position: z.int(),
  id: z.string(),
  title: z.string(),
  artist: z.string(),
  album: z.string().nullable(),
  durationMs: z.number().nullable(),
  reason: z.object({
    source: z.enum(pickSources),
    score: z.number(),
    parts: z.record(z.string(), z.number()),
    text: z.string(),
  }),
});

const counts = { added: z.int(), removed: z.int(), moved: z.int(), kept: z.int() };

const detail = summary.omit({ songs: true }).extend({
  songs: z.array(listedSong),
  /** What the last change of this list did; null where there was none since it was made. */
  previous: z
    .object({
      replacedAt: z.iso.datetime(),
      ...counts,
      addedIds: z.array(z.string()),
      removedIds: z.array(z.string()),
    })
    .nullable(),
});

const params = z.object({ id: z.string().min(1).max(500) });

/** The lists that octogen made, why each song is on them, and the way back. `parts` is null where no server is set up. */
export function playlistRoutes(ctx: PluginContext, parts: PlaylistRouteParts | null): void {
  const summarySchema = ctx.http.schema('PlaylistSummary', summary);
  const detailSchema = ctx.http.schema('Playlist', detail);

  ctx.http.routes((app) => {
    app.get(
      '/playlists',
      {
        schema: {
          summary: 'The lists that octogen made',
          querystring: pageQuery,
          response: { 200: z.object({ items: z.array(summarySchema), nextCursor: z.string().nullable() }) },
        },
      },
      async (request) => {
        const entries = (await parts?.ledger.entries()) ?? [];
        const { items, nextCursor } = pageOf(entries, (entry) => entry.list, request.query);
        return { items: items.map((entry) => ({ ...head(entry), songs: entry.songs.length })), nextCursor };
      },
    );
    app.get(
      '/playlists/:id',
      {
        schema: {
          summary: 'A list, with the reason for each song',
          description: 'By the music server’s id or by the name of the list.',
          params,
          response: { 200: detailSchema },
        },
      },
      async (request) => {
        const { ledger } = parts ?? refuseUnconfigured();
        const entry = await find(ledger, request.params.id);
        const [version] = await ledger.versions(entry.list);
        return {
          ...head(entry),
          songs: entry.songs.map((song, at) => ({ position: at + 1, ...song })),
          previous: version ? compare(entry, version) : null,
        };
      },
    );
    app.post(
      '/playlists/:id/undo',
      {
        config: { auth: 'operate' },
        schema: {
          summary: 'Gives a list back what it held before its last change',
          params,
          response: { 200: z.object({ name: z.string(), id: z.string().nullable(), ...counts }) },
        },
      },
      async (request) => {
        const { ledger, writeLists, library } = parts ?? refuseUnconfigured();
        const entry = await find(ledger, request.params.id);
        const change = await writeLists.undo(entry.list, (ids) => library.byIds(ids), ctx.signal);
        const { name, id, added, removed, moved, kept } = change;
        return { name, id, added, removed, moved, kept };
      },
    );
  });
}

function head(entry: LedgerEntry) {
  return {
    id: entry.playlistId,
    name: entry.name,
    list: entry.list,
    about: entry.about,
    short: entry.short,
    writtenAt: new Date(entry.writtenAt).toISOString(),
  };
}

function compare(entry: LedgerEntry, version: ListVersion) {
  const after = entry.songs.map((song) => song.id);
  const before = version.songIds;
  const held = new Set(before);
  const holds = new Set(after);
  return {
    replacedAt: new Date(version.replacedAt).toISOString(),
    ...diffPlaylist(before, after),
    addedIds: after.filter((id) => !held.has(id)),
    removedIds: before.filter((id) => !holds.has(id)),
  };
}

async function find(ledger: Ledger, id: string): Promise<LedgerEntry> {
  const entries = await ledger.entries();
  const entry = entries.find((each) => each.playlistId === id) ?? entries.find((each) => each.list === id);
  if (entry) return entry;
  throw new AtollError('not_found', `octogen made no playlist "${id}"`, {
    hint: 'GET playlists lists those it made.',
  });
}

function refuseUnconfigured(): never {
  throw new AtollError('not_found', 'octogen has made no playlists yet: no music server is set up', {
    hint: 'Set NAVIDROME_URL, NAVIDROME_USER and NAVIDROME_PASSWORD.',
  });
}
