import { describe, expect, it } from 'vitest';
import { stem } from './stemmer.ts';
import { foldedWords, termsOf } from './tokens.ts';

describe('stemming', () => {
  // Pairs from Porter's paper, one or more for each step.
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['feed', 'feed'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['bled', 'bled'],
    ['motoring', 'motor'],
    ['sing', 'sing'],
    ['conflated', 'conflat'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['conditional', 'condit'],
    ['vietnamization', 'vietnam'],
    ['triplicate', 'triplic'],
    ['formative', 'form'],
    ['hopefulness', 'hope'],
    ['adjustment', 'adjust'],
    ['adoption', 'adopt'],
    ['probate', 'probat'],
    ['rate', 'rate'],
    ['controlling', 'control'],
    ['yes', 'ye'],
  ])('makes %s %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });

  it('leaves short words, numbers and other scripts alone', () => {
    expect(['is', '2024', 'straße', 'b2b'].map(stem)).toEqual(['is', '2024', 'straße', 'b2b']);
  });
});

describe('terms', () => {
  it('are folded: case, accents, possessives, kinds of apostrophe', () => {
    expect(foldedWords('Café CAFE’s o’clock')).toEqual(['cafe', 'cafe', 'oclock']);
  });

  it('leave out words without a subject of their own', () => {
    expect(termsOf('When did you not have it?')).toEqual([]);
  });

  it('are the same for every form of a word, irregular ones too', () => {
    expect(termsOf('painted painting paints')).toEqual(['paint', 'paint', 'paint']);
    expect(termsOf('She went, they go, it is gone')).toEqual(['go', 'go', 'go']);
  });

  it('hold the parts of numbers and addresses', () => {
    expect(termsOf('INV-2024-17 to anna@harbor.example')).toEqual([
      'inv',
      '2024',
      '17',
      'anna',
      'harbor',
      'exampl',
    ]);
  });

  it('of a script without spaces are pairs of characters', () => {
    expect(termsOf('東京タワー')).toEqual(['東京', '京タ', 'タワ', 'ワー']);
  });
});
