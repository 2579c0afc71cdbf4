import { expect, test } from 'vitest';
import { durationSchema } from './duration.ts';

test.each([
  ['1 second', 1_000],
  ['30 minutes', 1_800_000],
  ['2hours', 7_200_000],
  ['1.5 days', 129_600_000],
  [' 2 weeks ', 1_209_600_000],
  ['366 days', 366 * 86_400_000],
])('“%s” is %d ms', (text, ms) => expect(durationSchema.parse(text)).toBe(ms));

test.each([
  '',
  '0 days',
  '-1 day',
  '367 days',
  '3',
  'days',
  '1 month',
  '1 day 2 hours',
  '٣ days',
  '1e9 days',
])('“%s” is refused, with examples', (text) => {
  const { error } = durationSchema.safeParse(text);
  expect(error?.issues[0]?.message).toContain('“3 days”');
});

test('a number alone says nothing of its unit', () => {
  expect(durationSchema.safeParse(3).success).toBe(false);
});
