import { describe, expect, it } from 'vitest';
import { energyOfTempo, feelOf, feelOfGenre } from './energy.js';

describe('feelOfGenre', () => {
  it.each([
    ['death metal', 'metal'],
    ['soft rock', 'soft rock'],
    ['progressive rock', 'rock'],
    ['dark ambient', 'dark ambient'],
  ])('takes the longest word it knows: %s is %s', (genre, word) => {
    expect(feelOfGenre(genre)).toEqual(feelOfGenre(word));
  });

  it.each(['nonsense', '', 'poplar'])('does not know %j', (genre) => {
    expect(feelOfGenre(genre)).toBeNull();
  });
});

describe('energyOfTempo', () => {
  it('rises with the tempo', () => {
    const energies = [40, 60, 90, 110, 128, 150, 180, 230].map((bpm) => energyOfTempo(bpm) ?? -1);
    expect([...energies].sort((a, b) => a - b)).toEqual(energies);
    expect(energies.at(-1)).toBe(1);
  });

  it.each([null, 0, -1, 29, 301, Number.NaN])('knows no energy of %s', (bpm) => {
    expect(energyOfTempo(bpm)).toBeNull();
  });
});

describe('feelOf', () => {
  const feel = (changes: object) => feelOf({ genres: [], bpm: null, title: 'Song', ...changes });

  it('is unknown without genre and tempo', () => {
    expect(feel({})).toBeNull();
    expect(feel({ genres: ['nonsense'] })).toBeNull();
  });

  it('goes by the tempo where the genre says nothing', () => {
    expect(feel({ bpm: 170, genres: ['nonsense'] })?.energy).toBeCloseTo(0.95);
  });

  it('weighs the first genre most', () => {
    const rockFirst = feel({ genres: ['rock', 'ambient'] })?.energy ?? 0;
    const ambientFirst = feel({ genres: ['ambient', 'rock'] })?.energy ?? 0;
    expect(rockFirst).toBeGreaterThan(ambientFirst);
  });

  it('hears an acoustic version as calmer', () => {
    const plain = feel({ genres: ['rock'] })?.energy ?? 0;
    expect(feel({ genres: ['rock'], title: 'Song (Acoustic)' })?.energy).toBeCloseTo(plain - 0.15);
  });
});
