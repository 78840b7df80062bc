import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerShape, readAnswer } from './read-answer.js';

const shape: AnswerShape = {
  lists: [
    { name: 'Discovery', size: 3 },
    { name: 'Daily Mix 1', size: 3 },
  ],
  candidates: 20,
  wishes: 2,
};

const lists = (text: string) => {
  const read = readAnswer(text, shape);
  return read && Object.fromEntries(read.lists);
};

describe('readAnswer', () => {
  it.each([
    ['as asked', '{"lists": {"Discovery": [1, 2], "Daily Mix 1": [3]}}'],
    ['without the wrapper', '{"Discovery": [1, 2], "Daily Mix 1": [3]}'],
    [
      'in a fence',
      'Here you are:\n```json\n{"lists": {"Discovery": [1, 2], "Daily Mix 1": [3]}}\n```\nEnjoy!',
    ],
    ['between prose', 'Sure! {"lists": {"Discovery": [1, 2], "Daily Mix 1": [3]}} Have fun.'],
    [
      'after thinking aloud',
      '<think>maybe {"lists": {"Discovery": [9]}}?</think>{"lists": {"Discovery": [1, 2], "Daily Mix 1": [3]}}',
    ],
    ['broken off', '{"lists": {"Discovery": [1, 2], "Daily Mix 1": [3'],
    ['in a fence broken off', '```json\n{"lists": {"Discovery": [1, 2], "Daily Mix 1": [3,'],
    [
      'with trailing commas and comments',
      '{"lists": {"Discovery": [1, 2,], /* mine */ "Daily Mix 1": [3,],},}',
    ],
    ['with single quotes', "{'lists': {'Discovery': [1, 2], 'Daily Mix 1': [3]}}"],
    ['as strings', '{"lists": {"Discovery": ["1", "#2"], "Daily Mix 1": ["3 | Artist | 99 Luftballons"]}}'],
    ['as objects', '{"lists": {"Discovery": [{"number": 1}, {"id": "2"}], "Daily Mix 1": [{"index": 3}]}}'],
    [
      'as a list of lists',
      '[{"name": "Discovery", "songs": [1, 2]}, {"playlist": "Daily Mix 1", "tracks": [3]}]',
    ],
    [
      'as playlists with songs',
      '{"playlists": [{"name": "Discovery", "songs": [1, 2]}, {"name": "Daily Mix 1", "songs": [3]}]}',
    ],
    ['as objects by name', '{"playlists": {"Discovery": {"songs": [1, 2]}, "daily_mix_1": {"songs": [3]}}}'],
    [
      'with foreign numbers',
      '{"lists": {"Discovery": [1, 0, -4, 21, 99999, 2.5, null, 2], "Daily Mix 1": [3]}}',
    ],
    ['with repeats', '{"lists": {"Discovery": [1, 1, 2, 2], "Daily Mix 1": [2, 1, 3]}}'],
    ['with lists nobody asked for', '{"lists": {"Party": [7], "Discovery": [1, 2], "Daily Mix 1": [3]}}'],
  ])('reads an answer given %s', (_how, text) => {
    expect(lists(text)).toEqual({ Discovery: [1, 2], 'Daily Mix 1': [3] });
  });

  it.each([
    ['nothing', ''],
    ['prose', 'I would be glad to help with your playlists.'],
    ['prose with brackets', 'Music [all of it] is {wonderful}.'],
    ['numbers that stand for nothing', '{"lists": {"Discovery": [100, 200]}}'],
    ['an empty object', '{}'],
    ['another shape', '{"lists": "Discovery"}'],
    ['only a thought', '<think>{"lists": {"Discovery": [1]}}'],
    ['a title that begins with a number', '{"lists": {"Discovery": ["99luftballons", "50Cent"]}}'],
  ])('makes nothing of %s', (_what, text) => {
    expect(readAnswer(text, shape)).toBeNull();
  });

  it('keeps at most twice the songs that were asked for', () => {
    const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
    expect(lists(JSON.stringify({ lists: { Discovery: numbers } }))).toEqual({
      Discovery: [1, 2, 3, 4, 5, 6],
    });
  });

  it('drops repeats, foreign numbers and what is no number', () => {
    expect(lists('{"lists": {"Discovery": [1, 1, 99, "x", 2]}}')).toEqual({ Discovery: [1, 2] });
  });

  it('keeps wishes that have an artist and a title, once, bounded and on one line', () => {
    const answer = readAnswer(
      JSON.stringify({
        lists: { Discovery: [1] },
        new: [
          { artist: 'A\n\u0000B', title: 'T' },
          { artist: 'a b', title: 't' },
          { artist: 'No title' },
          'words',
          { artist: 'C', title: 'x'.repeat(999) },
          { artist: 'D', title: 'one too many' },
        ],
      }),
      shape,
    );
    expect(answer?.wishes).toHaveLength(2);
    expect(answer?.wishes[0]).toEqual({ artist: 'a b', title: 't' });
    expect(answer?.wishes[1]?.title).toHaveLength(200);
  });

  it('never throws and never lets a foreign number through, whatever is said', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        '{"lists":',
        '{"Discovery":[',
        '1,',
        '"2",',
        ']',
        '}',
        '```',
        '<think>',
        '"new":[{"artist":',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readAnswer(pieces.join(''), shape);
        for (const numbers of read?.lists.values() ?? []) {
          for (const number of numbers) expect(number >= 1 && number <= 20).toBe(true);
        }
      }),
    );
  });
});
