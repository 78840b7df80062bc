import type { SupysonicApi } from '../../tests/peers/supysonic-api.ts';

/** What somebody has done on the music server before Atoll came. */
export interface Listener {
  /** A playlist of their own, with a name that octogen would give too. */
  ownList: { id: string; name: string; songs: number };
  /** How many songs they rated, starred and played. */
  rated: number;
  starred: number;
  played: number;
  /** A song they rated with one star. */
  disliked: { title: string; artist: string };
}

const likes: readonly (readonly [artist: string, rating: number])[] = [
  ['Slate River Trio', 5],
  ['Tamsin Okoro', 5],
  ['Big Lenny Moss', 4],
  ['Sunday Cartographers', 4],
  ['Polar Bear Parade', 3],
];
const favourite = 'Half Past Nine';
const dislike = 'Iron Orchard';

/** Gives the server's user a taste: ratings, stars, plays, and a playlist of their own. */
export async function makeListener(api: SupysonicApi): Promise<Listener> {
  const songs = await api.search('', 1000);
  const by = (artist: string, count: number) =>
    songs.filter((song) => song.artist === artist).slice(0, count);
  let rated = 0;
  for (const [artist, rating] of likes) {
    for (const { id } of by(artist, 6)) {
      await api.call('setRating', { id, rating: String(rating) });
      rated += 1;
    }
  }
  const favourites = by(favourite, 8);
  for (const { id } of favourites) await api.call('star', { id });
  for (const { id } of favourites) await api.call('scrobble', { id });

  const [disliked] = by(dislike, 1);
  if (!disliked) throw new Error(`the music server has nothing by "${dislike}"`);
  await api.call('setRating', { id: disliked.id, rating: '1' });

  const own = by('Ottilie Brandt', 5);
  await api.call('createPlaylist', { name: 'Discovery', songId: own[0]?.id ?? '' });
  const [list] = await api.playlists();
  if (!list) throw new Error('the music server made no playlist');
  for (const { id } of own.slice(1)) {
    await api.call('updatePlaylist', { playlistId: list.id, songIdToAdd: id });
  }
  return {
    ownList: { ...list, songs: own.length },
    rated: rated + 1,
    starred: favourites.length,
    played: favourites.length,
    disliked: { title: disliked.title, artist: disliked.artist ?? dislike },
  };
}
