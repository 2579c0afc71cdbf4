import { describe, expect, it } from 'vitest';
import { dateHints, dateInWords, fitsHint, namesTime } from './dates.ts';

describe('a date in a query', () => {
  it.each([
    ['on 2024-05-03', { year: 2024, month: 5, day: 3 }],
    ['during 2024-05', { year: 2024, month: 5 }],
    ['on May 3, 2024', { year: 2024, month: 5, day: 3 }],
    ['the 3rd of may 2024', { year: 2024, month: 5, day: 3 }],
    ['in December 2023', { year: 2023, month: 12 }],
    ['in Sept', { month: 9 }],
    ['in 2023', { year: 2023 }],
  ])('is understood as people write it: %s', (text, expected) => {
    expect(dateHints(text)).toEqual([expected]);
  });

  it('is not seen in verbs, or in numbers that are no year', () => {
    expect(dateHints('what may we march for at 1500 euros')).toEqual([]);
  });

  it('fits the days that it leaves open', () => {
    const day = Date.UTC(2024, 4, 3);
    expect(fitsHint(day, { month: 5 })).toBe(true);
    expect(fitsHint(day, { year: 2024, month: 5, day: 4 })).toBe(false);
    expect(fitsHint(Number.NaN, { year: 2024 })).toBe(false);
  });
});

describe('time in a note', () => {
  it('is noticed in words and in numbers', () => {
    expect(namesTime('We met last week.')).toBe(true);
    expect(namesTime('Since 2019 already')).toBe(true);
    expect(namesTime('We met.')).toBe(false);
  });

  it('is written so that its parts can be searched for', () => {
    expect(dateInWords(Date.UTC(2023, 4, 8))).toBe('8 may 2023');
  });
});
