import { describe, expect, it } from 'vitest';
import { findFeels } from './feels.js';
import { song } from './library.fixture.js';
import { collectRecordings } from './recording.js';

async function feelsOf(...songs: Parameters<typeof song>[0][]) {
  const { items } = await collectRecordings(songs.map((fields) => song(fields)));
  const feels = findFeels(items);
  return new Map(items.map(({ song: each }, index) => [each.id, feels[index]]));
}

describe('findFeels', () => {
  it('goes by a song’s own tags where they tell', async () => {
    const feels = await feelsOf({ id: 'a', genres: ['Ambient'] }, { id: 'b', genres: ['Metal'] });
    expect(feels.get('a')).toMatchObject({ energy: 0.12, by: 'tags' });
    expect(feels.get('b')).toMatchObject({ energy: 0.9, by: 'tags' });
  });

  it('takes the artist’s other songs for one without genre and tempo', async () => {
    const feels = await feelsOf(
      { id: 'a', artist: 'Still', genres: ['Ambient'] },
      { id: 'b', artist: 'Still', genres: ['Ambient'] },
      { id: 'c', artist: 'Still' },
    );
    expect(feels.get('c')).toMatchObject({ energy: 0.12, by: 'artist' });
  });

  it('knows nothing of a song whose artist says nothing, or is nobody', async () => {
    const feels = await feelsOf(
      { id: 'a', artist: 'Various Artists', genres: ['Metal'] },
      { id: 'b', artist: 'Various Artists' },
      { id: 'c', artist: 'Silent' },
    );
    expect([feels.get('b'), feels.get('c')]).toEqual([null, null]);
  });
});
