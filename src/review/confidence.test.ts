import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksPassed, confidenceOf } from './confidence.ts';

const nothing = { checks: null, grounding: null, judgement: null, history: null };
const part = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));

test('where nothing was measured, nobody knows', () => {
  expect(confidenceOf(nothing).value).toBe(0.5);
});

test('what was not measured neither helps nor harms', () => {
  expect(confidenceOf({ ...nothing, grounding: 0.8 }).value).toBe(0.8);
});

test('confidence lies between its least and its greatest part', () => {
  fc.assert(
    fc.property(part, part, part, part, (checks, grounding, judgement, history) => {
      const parts = { checks, grounding, judgement, history };
      const measured = Object.values(parts).filter((one) => one !== null);
      fc.pre(measured.length > 0);
      const { value } = confidenceOf(parts);
      expect(value).toBeGreaterThanOrEqual(Math.min(...measured) - 0.005);
      expect(value).toBeLessThanOrEqual(Math.max(...measured) + 0.005);
    }),
  );
});

test('a failed check counts whole, a warning half', () => {
  const found = (passed: boolean, severity: 'error' | 'warning') => ({
    rule: 'words',
    passed,
    severity,
    message: '',
  });
  expect(checksPassed([])).toBeNull();
  expect(checksPassed([found(true, 'error'), found(false, 'error')])).toBe(0.5);
  expect(checksPassed([found(true, 'error'), found(false, 'warning')])).toBe(0.75);
});
