import { describe, expect, it } from 'vitest';
import type { Song } from '../library/song.js';
import { chooseMatch } from './choose-match.js';
import type { Rejection, WantedTrack } from './match-result.js';
import { readWanted } from './score-candidate.js';
import { song } from './song.fixture.js';

const choose = (wanted: WantedTrack, ...songs: Song[]) => chooseMatch(readWanted(wanted), songs);

describe('chooseMatch', () => {
  it.each<[string, string, string, string, Rejection | null]>([
    // wanted artist, wanted title, library artist, library title
    ['Radiohead', 'Creep', 'Radiohead', 'Sleep', 'title'],
    ['The Rolling Stones', 'Angie', 'The Rolling Stones', 'Angel', 'title'],
    ['Radiohead', 'Creep', 'Portishead', 'Creep', 'artist'],
    ['Radiohead', 'Creep', 'Radiohead', 'Creep (Live)', 'version'],
    ['Radiohead', 'Creep (Live)', 'Radiohead', 'Creep', 'version'],
    ['Radiohead', 'Creep (Live)', 'Radiohead', 'Creep - Live at Glastonbury', null],
    ['Radiohead', 'Creep', 'Radiohead', 'Creep - Remastered 2011', null],
    ['Radiohead', 'Creep', 'Radiohead', 'Creep (Remaster)', null],
    ['Radiohead', 'Creep', 'Radiohead', 'Creep (Acoustic)', 'version'],
    ['Radiohead', 'Creep', 'Radiohead', 'Creep (Radio Edit)', 'version'],
    ['Radiohead', 'Creep', 'Radiohead', 'Creep (Karaoke Version)', 'version'],
    ['Radiohead', 'Creep (Foo Remix)', 'Radiohead', 'Creep (Bar Remix)', 'version'],
    ['Radiohead', 'Creep (Remix)', 'Radiohead', 'Creep (Bar Remix)', null],
    ['Oasis', 'Live Forever', 'Oasis', 'Live Forever', null],
    ['Oasis', 'Live Forever', 'Oasis', 'Live Forever (Remastered)', null],
    ['Bruce Springsteen', 'Cover Me', 'Bruce Springsteen', 'Cover Me', null],
    ['Beyoncé', 'Déjà Vu', 'Beyonce', 'Deja Vu', null],
    ['Sigur Rós', 'Ára bátur', 'Sigur Ros', 'Ara Batur (Bonus Track)', null],
    ['Simon & Garfunkel', 'The Boxer', 'Simon and Garfunkel', 'Boxer', null],
    ['The Beatles', 'Help!', 'Beatles', 'Help', null],
    ['Florence + The Machine', 'Cosmic Love', 'Florence and the Machine', 'Cosmic Love', null],
    ['T.I.', 'Live Your Life', 'T.I. feat. Rihanna', 'Live Your Life', null],
    ['T.I. & Rihanna', 'Live Your Life', 'T.I.', 'Live Your Life (feat. Rihanna)', null],
    ['Rihanna', 'Live Your Life', 'T.I. feat. Rihanna', 'Live Your Life', null],
    ['Tom Petty', 'Refugee', 'Tom Petty & The Heartbreakers', 'Refugee', null],
    ['Kesha', 'Tik Tok', 'Ke$ha', 'TiK ToK', null],
    ['AC/DC', 'Thunderstruck', 'ACDC', 'Thunderstruck', null],
    ['Rolling Stones', 'Satisfaction', 'The Rolling Stones', "(I Can't Get No) Satisfaction", null],
    [
      'Pink Floyd',
      'Another Brick in the Wall, Pt. 2',
      'Pink Floyd',
      'Another Brick in the Wall (Part 2)',
      null,
    ],
    [
      'Pink Floyd',
      'Another Brick in the Wall (Part 1)',
      'Pink Floyd',
      'Another Brick in the Wall (Part 2)',
      'title',
    ],
    ['Beethoven', 'Symphony No. 5', 'Beethoven', 'Symphony No. 6', 'title'],
    ['Led Zeppelin', 'Led Zeppelin II', 'Led Zeppelin', 'Led Zeppelin III', 'title'],
    ['Radiohead', 'Paranoid Andriod', 'Radiohead', 'Paranoid Android', null],
    ['Radiohaed', 'Karma Police', 'Radiohead', 'Karma Police', null],
    ['Radiohead', 'Karma Polcie', 'Radiohead', 'Karma Police', null],
    ['東京事変', '群青日和', '東京事変', '群青日和', null],
    ['東京事変', '群青日和', '東京事変', '閃光少女', 'title'],
    ['Кино', 'Группа крови', 'КИНО', 'Группа Крови', null],
    ['!!!', 'Pardon My Freedom', '!!!', 'Pardon My Freedom', null],
    ['!!!', '???', '!!!', '???', null],
    ['!!!', '???', '!!!', '!!!', 'title'],
    ['Smashing Pumpkins', '1979', 'The Smashing Pumpkins', '1979', null],
    ['Prince', '1999', 'Prince', '1979', 'title'],
    ['Taylor Swift', 'Love Story', 'Taylor Swift', 'Love Story (Taylor’s Version)', 'version'],
    ['Radiohead', 'Creep', '', 'Creep', 'artist'],
    ['', 'Creep', 'Radiohead', 'Creep', 'artist'],
    ['Radiohead', '', 'Radiohead', '', 'title'],
  ])('%s – %s / %s – %s: %s', (artist, title, hasArtist, hasTitle, rejected) => {
    const held = song({ artist: hasArtist, title: hasTitle });
    const { match, candidates } = choose({ artist, title }, held);
    expect(candidates[0]?.rejected ?? null).toBe(rejected);
    expect(match?.song.id ?? null).toBe(rejected === null ? held.id : null);
  });

  it('takes the studio recording even where the live one has the same name and is better liked', () => {
    const live = song({ title: 'Creep (Live)', rating: 5, playCount: 100 });
    const studio = song({ title: 'Creep' });
    expect(choose({ artist: 'Radiohead', title: 'Creep' }, live, studio).match?.song).toBe(studio);
  });

  it('prefers the same spelling to a similar one', () => {
    const similar = song({ title: 'Angels', artist: 'Robbie Williams', rating: 5 });
    const same = song({ title: 'Angel', artist: 'Robbie Williams' });
    expect(choose({ artist: 'Robbie Williams', title: 'Angel' }, similar, same).match?.song).toBe(same);
  });

  it('lets the album decide between copies', () => {
    const compilation = song({ title: 'Creep', album: 'The Best Of', playCount: 9 });
    const original = song({ title: 'Creep', album: 'Pablo Honey (Deluxe Edition)' });
    const { match, candidates } = choose(
      { artist: 'Radiohead', title: 'Creep', album: 'Pablo Honey' },
      compilation,
      original,
    );
    expect(match?.song).toBe(original);
    expect(candidates.map((one) => one.rejected)).toEqual([undefined, 'duplicate']);
  });

  it('lets the duration decide between copies, and rejects one that is far off', () => {
    const short = song({ title: 'Creep', durationMs: 229_000 });
    const near = song({ title: 'Creep', durationMs: 238_500 });
    const long = song({ title: 'Creep', durationMs: 420_000 });
    const { match, candidates } = choose(
      { artist: 'Radiohead', title: 'Creep', durationMs: 238_000 },
      long,
      short,
      near,
    );
    expect(match?.song).toBe(near);
    expect(candidates.find((one) => one.song === long)?.rejected).toBe('duration');
    expect(candidates.find((one) => one.song === short)?.rejected).toBe('duplicate');
  });

  it('does not hold a missing duration or album against a song', () => {
    const bare = song({ title: 'Creep' });
    const { match } = choose({ artist: 'Radiohead', title: 'Creep', durationMs: 238_000 }, bare);
    expect(match).toMatchObject({ song: bare, score: 1 });
  });

  it('takes a studio album before a concert album whose titles do not say so', () => {
    const unplugged = song({
      artist: 'Nirvana',
      title: 'Polly',
      album: 'MTV Unplugged in New York',
      rating: 5,
    });
    const studio = song({ artist: 'Nirvana', title: 'Polly', album: 'Nevermind' });
    expect(choose({ artist: 'Nirvana', title: 'Polly' }, unplugged, studio).match?.song).toBe(studio);
  });

  it('believes the MusicBrainz id before the tags', () => {
    const mbid = '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f';
    const tagged = song({ artist: 'レディオヘッド', title: 'クリープ', mbid });
    const named = song({ title: 'Creep' });
    const { match } = choose(
      { artist: 'Radiohead', title: 'Creep', mbid: mbid.toUpperCase() },
      named,
      tagged,
    );
    expect(match).toMatchObject({ song: tagged, score: 1 });
  });

  it('falls back on the tags where the library has no such MusicBrainz id', () => {
    const named = song({ title: 'Creep', mbid: '11111111-1c2e-4d33-8f1c-0a2b3c4d5e6f' });
    const wanted = { artist: 'Radiohead', title: 'Creep', mbid: '22222222-1c2e-4d33-8f1c-0a2b3c4d5e6f' };
    expect(choose(wanted, named).match?.song).toBe(named);
  });

  it('rejects what the user rated one or two stars, and other copies of it', () => {
    const bad = song({ title: 'Creep', rating: 2 });
    const copy = song({ title: 'Creep (Remastered)' });
    const { match, candidates } = choose({ artist: 'Radiohead', title: 'Creep' }, bad, copy);
    expect(match).toBeNull();
    expect(candidates.map((one) => one.rejected)).toEqual(['low_rated', 'low_rated']);
  });

  it('takes another copy of a low-rated recording when the user likes that one', () => {
    const bad = song({ title: 'Creep', rating: 1 });
    const liked = song({ title: 'Creep', starredAt: 1 });
    expect(choose({ artist: 'Radiohead', title: 'Creep' }, bad, liked).match?.song).toBe(liked);
  });

  it('answers the same whatever the order of the candidates', () => {
    const songs = Array.from({ length: 12 }, () => song({ title: 'Creep' }));
    const forward = choose({ artist: 'Radiohead', title: 'Creep' }, ...songs);
    const backward = choose({ artist: 'Radiohead', title: 'Creep' }, ...songs.toReversed());
    expect(forward).toEqual(backward);
    expect(forward.candidates).toHaveLength(10);
    expect(forward.match).toBe(forward.candidates[0]);
  });

  it('finds nothing among nothing', () => {
    expect(choose({ artist: 'Radiohead', title: 'Creep' })).toEqual({ match: null, candidates: [] });
  });
});
