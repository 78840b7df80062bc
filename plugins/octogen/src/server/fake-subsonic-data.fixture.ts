/** A song as the Subsonic protocol writes it: seconds, ISO dates, missing fields missing. */
export interface FakeSong {
  id: string;
  title: string;
  artist?: string;
  album: string;
  albumId: string;
  genre?: string;
  genres?: { name: string }[];
  year?: number;
  duration?: number;
  bpm?: number;
  userRating?: number;
  starred?: string;
  playCount?: number;
  played?: string;
  created?: string;
  musicBrainzId?: string;
}

export interface FakePlaylist {
  id: string;
  name: string;
  owner: string;
  public: boolean;
  songIds: string[];
}

/** `albums` albums of `tracks` songs, two albums an artist, with ids `song-<album>-<track>` and `album-<album>`. */
export function fakeSongs(albums: number, tracks: number): FakeSong[] {
  const songs: FakeSong[] = [];
  for (let album = 1; album <= albums; album++) {
    const name = String(album).padStart(5, '0');
    for (let track = 1; track <= tracks; track++) {
      songs.push({
        id: `song-${album}-${track}`,
        title: `Tune ${track} of ${name}`,
        artist: `Band ${Math.ceil(album / 2)}`,
        album: `Record ${name}`,
        albumId: `album-${album}`,
        genre: ['Rock', 'Jazz', 'Electronic', 'Folk'][album % 4],
        year: 1960 + (album % 60),
        duration: 120 + ((album * 7 + track * 13) % 240),
        created: '2026-01-01T00:00:00',
      });
    }
  }
  return songs;
}
