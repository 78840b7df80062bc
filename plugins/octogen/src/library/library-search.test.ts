import { beforeEach, describe, expect, it } from 'vitest';
import type { LibraryIndex } from './library-index.js';
import { setup } from './library-setup.fixture.js';
import type { MemoryServer } from './memory-server.fixture.js';

describe('the search of the index', () => {
  let index: LibraryIndex;
  let server: MemoryServer;

  beforeEach(async () => {
    ({ index, server } = await setup());
  });

  beforeEach(async () => {
    server.put(
      'OK Computer',
      { id: '1', title: 'Paranoid Android', artist: 'Radiohead' },
      { id: '2', title: 'Karma Police', artist: 'Radiohead' },
    );
    server.put('Radiohead Covers', { id: '3', title: 'Déjà vu', artist: 'Beyoncé' });
    server.put('大人', { id: '4', title: '群青日和', artist: '東京事変' });
    server.put('x', { id: '5', title: 'Smørrebrød', artist: 'Тест' });
    await index.refresh({ server });
  });
  const found = async (text: string) => (await index.search(text, 10)).map((song) => song.id);

  it.each<[string, string[]]>([
    ['paranoid', ['1']],
    ['para', ['1']],
    ['radiohead karma', ['2']],
    ['RADIOHEAD', ['1', '2', '3']],
    ['deja beyonce', ['3']],
    ['smorrebrod', ['5']],
    ['тест', ['5']],
    ['青日', ['4']],
    ['東京', ['4']],
    ['karma nonsense', ['2']],
    ['nonsense', []],
    ['', []],
    ['"', []],
    ['karma" OR "paranoid', ['1', '2']],
    ['title:karma', ['2']],
    ['NOT karma', ['2']],
    ['karma*', ['2']],
    ['NEAR(karma police)', ['2']],
    ['(', []],
    ["'; drop table library_songs; --", []],
    ['\u0000', []],
  ])('%s', async (text, expected) => expect((await found(text)).sort()).toEqual(expected));

  it('puts titles before artists before albums', async () => {
    expect(await found('radiohead')).toEqual(['1', '2', '3']);
  });

  it('gives no more than asked for', async () => {
    expect(await index.search('radiohead', 2)).toHaveLength(2);
  });
});
