import { describe, expect, it } from 'vitest';
import { readTitle } from './title.js';
import type { VersionClass } from './version.js';

describe('readTitle', () => {
  it.each<[string, string, VersionClass]>([
    // Words of the title are no markers.
    ['Live Forever', 'live forever', 'studio'],
    ['Cover Me', 'cover me', 'studio'],
    ['Live and Let Die', 'live and let die', 'studio'],
    ['Demons', 'demons', 'studio'],
    ['Ignition', 'ignition', 'studio'],
    ['Remix to Ignition', 'remix to ignition', 'studio'],
    ['Acoustic', 'acoustic', 'studio'],
    ['Instrumental #2', 'instrumental 2', 'studio'],
    ['Edit the Sad Parts', 'edit the sad parts', 'studio'],
    ['Dub Be Good to Me', 'dub be good to me', 'studio'],
    ['Long Live (Long Live)', 'long live long live', 'studio'],
    // Nothing about the recording.
    ['Creep - Remastered 2011', 'creep', 'studio'],
    ['Creep - 2011 Remaster', 'creep', 'studio'],
    ['Creep (2009 Digital Remaster)', 'creep', 'studio'],
    ['Creep [Remastered]', 'creep', 'studio'],
    ['Creep - Remastered Version', 'creep', 'studio'],
    ['Creep (Remastered 2009)', 'creep', 'studio'],
    ['Creep - Mono', 'creep', 'studio'],
    ['Creep (Stereo Mix)', 'creep', 'studio'],
    ['Come Together - 2019 Mix', 'come together', 'studio'],
    ['Strobe (Original Mix)', 'strobe', 'studio'],
    ['Creep (Album Version)', 'creep', 'studio'],
    ['Creep - Single Version', 'creep', 'studio'],
    ['Creep (Bonus Track)', 'creep', 'studio'],
    ['Creep - Bonus Track', 'creep', 'studio'],
    ['Creep (Japanese Bonus Track)', 'creep', 'studio'],
    ['Creep [Explicit]', 'creep', 'studio'],
    ['Creep (feat. Nobody)', 'creep', 'studio'],
    ['Creep ft. Nobody', 'creep', 'studio'],
    ['Creep featuring Nobody & Friends', 'creep', 'studio'],
    ['Creep (with Nobody)', 'creep', 'studio'],
    ['Lose Yourself - From "8 Mile" Soundtrack', 'lose yourself', 'studio'],
    ['Creep - 2011 Remaster - Bonus Track', 'creep', 'studio'],
    // Another recording.
    ['Creep (Live)', 'creep', 'live'],
    ['Creep - Live', 'creep', 'live'],
    ['Creep [Live at Glastonbury 1997]', 'creep', 'live'],
    ['Creep - Live from the Basement', 'creep', 'live'],
    ['Creep (Live) [Remastered]', 'creep', 'live'],
    ['Creep - Live / Remastered', 'creep', 'live'],
    ['Creep (Live Acoustic)', 'creep', 'live'],
    ['Creep (MTV Unplugged)', 'creep', 'live'],
    ['Creep (Wembley Live)', 'creep', 'live'],
    ['Creep – Live at Wembley', 'creep', 'live'],
    ['Creep (Acoustic)', 'creep', 'acoustic'],
    ['Creep - Acoustic Version', 'creep', 'acoustic'],
    ['Creep (Instrumental)', 'creep', 'instrumental'],
    ['Creep (Demo)', 'creep', 'demo'],
    ['Creep - Demo Version', 'creep', 'demo'],
    ['Creep (Someone Remix)', 'creep', 'remix'],
    ['Creep - Someone Remix', 'creep', 'remix'],
    ['Creep (Someone Mix)', 'creep', 'remix'],
    ['Creep (feat. Nobody) [Someone Remix]', 'creep', 'remix'],
    ['Creep feat. Nobody (Someone Remix)', 'creep', 'remix'],
    ['Creep (Radio Edit)', 'creep', 'edit'],
    ['Creep - Radio Edit', 'creep', 'edit'],
    ['Creep (Extended Mix)', 'creep', 'edit'],
    ['Creep (12" Version)', 'creep', 'edit'],
    ['Creep (Karaoke Version)', 'creep', 'cover'],
    ['Creep (In the Style of Radiohead)', 'creep', 'cover'],
    ['Creep (Cover)', 'creep', 'cover'],
    ['Creep (Spanish Version)', 'creep', 'alternate'],
    ['Creep (Take 2)', 'creep', 'alternate'],
    ['Creep (Reprise)', 'creep', 'alternate'],
    ['Love Story (Taylor’s Version)', 'love story', 'alternate'],
    ['夜に駆ける（Live）', '夜に駆ける', 'live'],
  ])('%s is "%s", %s', (title, full, version) => {
    expect(readTitle(title)).toMatchObject({ full, version });
  });

  it.each([
    ["(I Can't Get No) Satisfaction", 'i cant get no satisfaction', 'satisfaction'],
    ['Another Brick in the Wall (Part 2)', 'another brick in the wall part 2', 'another brick in the wall'],
    ['The End', 'end', 'end'],
    ['Blue Monday - 88', 'blue monday 88', 'blue monday 88'],
    ['(Untitled)', 'untitled', 'untitled'],
    ['()', '()', '()'],
    ['!!!', '!!!', '!!!'],
    ['???', '???', '???'],
    ['1979', '1979', '1979'],
    ['7/11', '7 11', '7 11'],
    ['- Live', 'live', 'live'],
    ['', '', ''],
  ])('%s is "%s", and "%s" without brackets', (title, full, bare) => {
    expect(readTitle(title)).toMatchObject({ full, bare, version: 'studio' });
  });

  it('says whose remix it is', () => {
    expect(readTitle('Creep (Foo Bar Remix)').qualifier).toBe('foo bar');
    expect(readTitle('Creep - Remix').qualifier).toBe('');
  });
});
