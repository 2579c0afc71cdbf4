import { describe, expect, it } from 'vitest';
import {
  ageText,
  beginningText,
  countText,
  durationText,
  momentText,
  moneyText,
  namesText,
  percentText,
  personText,
  tokensText,
  untilText,
} from './wording.ts';

describe('amounts in words', () => {
  it.each([
    [0, '0 ms'],
    [40.4, '40 ms'],
    [4200, '4.2 s'],
    [9000, '9 s'],
    [59_700, '1 min'],
    [192_000, '3 min 12 s'],
    [3_599_900, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 day'],
    [3 * 86_400_000, '3 days'],
    [-5, '0 ms'],
  ])('says a duration of %s ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it.each([
    [0, 'no cost'],
    [0.00001, '< $0.0001'],
    [0.0123, '$0.0123'],
    [1.234, '$1.23'],
  ])('says %s dollars as %s', (usd, text) => expect(moneyText(usd)).toBe(text));

  it.each([
    [1, '1 token'],
    [950, '950 tokens'],
    [1500, '1.5k tokens'],
    [999_990, '1M tokens'],
  ])('says %s tokens as %s', (tokens, text) => expect(tokensText(tokens)).toBe(text));

  it.each([
    [5_000, 'just now'],
    [300_000, '5 min ago'],
    [7_200_000, '2 h ago'],
    [90_000_000, 'yesterday'],
    [200_000_000, '2 days ago'],
  ])('says an age of %s ms as %s', (age, text) => expect(ageText(0, age)).toBe(text));

  it('counts, takes shares and names people', () => {
    expect([countText(1, 'file'), countText(2, 'file'), percentText(0.856)]).toEqual([
      '1 file',
      '2 files',
      '86%',
    ]);
    expect([personText('Ada L <ada@example.com>'), personText('<ada@example.com>')]).toEqual([
      'Ada L',
      '<ada@example.com>',
    ]);
  });

  it.each([
    [-5, 'now'],
    [20_000, 'in 1 min'],
    [3_599_000, 'in 1 h'],
    [11_400_000, 'in 3 h 10 min'],
    [2 * 86_400_000, 'in 2 days'],
  ])('says a time %s ms ahead as %s', (ms, text) => expect(untilText(1_000 + ms, 1_000)).toBe(text));

  it.each([
    ['manual', 'started by Ada'],
    ['revert', 'started by Ada'],
    ['file briefs/a.md', 'started by file briefs/a.md'],
    ['fork of 20261120-loop-ab12 after draft', 'forked from 20261120-loop-ab12 after draft'],
  ])('says what began a run of trigger %s', (trigger, text) =>
    expect(beginningText({ by: 'Ada <ada@example.com>', trigger })).toBe(text),
  );
});

describe('a moment to come', () => {
  const now = new Date(2026, 10, 24, 12, 0).getTime();
  const moment = (...when: [number, number, number, number, number]) => new Date(...when).getTime();
  it.each([
    [now + 59_000, '12:00:59'],
    [now + 60_000, '12:01'],
    [moment(2026, 10, 24, 23, 59), '23:59'],
    [moment(2026, 10, 25, 0, 0), '2026-11-25 00:00'],
    [moment(2027, 0, 2, 3, 4), '2027-01-02 03:04'],
    [moment(2026, 10, 23, 12, 0), '2026-11-23 12:00'],
  ])('%d is told as %s', (atMs, text) => expect(momentText(atMs, now)).toBe(text));
});

it.each([
  [[], ''],
  [['A', 'B', 'C'], 'A, B, C'],
  [['A', 'B', 'C', 'D', 'E'], 'A, B, C and 2 more'],
])('of the names %j, the first are told: %s', (names, text) => expect(namesText(names)).toBe(text));
