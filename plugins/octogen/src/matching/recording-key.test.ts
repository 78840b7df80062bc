import { describe, expect, it } from 'vitest';
import { recordingKey } from './recording-key.js';
import { song } from './song.fixture.js';

const key = (artist: string, title: string, mbid: string | null = null) =>
  recordingKey(song({ artist, title, mbid, id: 'x' }));

describe('recordingKey', () => {
  it.each([
    ['Radiohead', 'Creep', 'Radiohead', 'Creep (2009 Remaster)'],
    ['The Beatles', 'Help!', 'Beatles', 'Help'],
    ['Beyoncé', 'Déjà Vu (feat. JAY-Z)', 'Beyonce feat. Jay-Z', 'Deja Vu'],
  ])('%s – %s is the recording %s – %s', (artist, title, otherArtist, otherTitle) => {
    expect(key(artist, title)).toBe(key(otherArtist, otherTitle));
  });

  it.each([
    ['Creep', 'Creep (Live)'],
    ['Creep (Foo Remix)', 'Creep (Bar Remix)'],
    ['Creep (Acoustic)', 'Creep (Demo)'],
    ['Brick (Part 1)', 'Brick (Part 2)'],
    ['!!!', '???'],
  ])('%s is not the recording %s', (title, other) => {
    expect(key('Radiohead', title)).not.toBe(key('Radiohead', other));
  });

  it('is the same with and without a MusicBrainz id', () => {
    expect(key('Radiohead', 'Creep', '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f')).toBe(key('Radiohead', 'Creep'));
  });

  it('falls back on the ids where the tags say too little', () => {
    expect(key('', 'Creep', '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f')).toBe(
      '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f',
    );
    expect(key('', 'Creep')).toBe('id:x');
    expect(key('Radiohead', '')).toBe('id:x');
  });
});
