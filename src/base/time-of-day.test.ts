import { expect, test } from 'vitest';
import { timeOfDay } from './time-of-day.ts';

const at = (day: number, hour: number) => new Date(2026, 0, day, hour, 3, 9).getTime();

test('names the time, and the day where it is another one', () => {
  expect(timeOfDay(at(5, 14), at(5, 23))).toBe('14:03:09');
  expect(timeOfDay(at(4, 23), at(5, 1))).toBe('23:03:09 on 2026-01-04');
  expect(timeOfDay(at(6, 0), at(5, 23))).toBe('00:03:09 on 2026-01-06');
});
