import { expect, test } from 'vitest';
import { count, describe as inWords, stage, sum } from '../../scripts/stages.mjs';
import { Trouble } from '../../scripts/system.mjs';

const report = (passed: number, failed: number, pending = 0, todo = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: todo,
});

test('passed and failed tests are counted as reported', () => {
  expect(count(report(12, 0), 0)).toEqual({ passed: 12, failed: 0 });
  expect(count(report(12, 3), 1)).toEqual({ passed: 12, failed: 3 });
});

test('a skipped test counts as failed, because it proves nothing', () => {
  expect(count(report(12, 0, 2, 1), 0)).toEqual({ passed: 12, failed: 3 });
});

test('a run that fails without a failed test counts as one failure', () => {
  expect(count(report(12, 0), 1)).toEqual({ passed: 12, failed: 1 });
  expect(count(undefined, 1)).toEqual({ passed: 0, failed: 1 });
});

test('a run without a report counts as a failure, whatever its exit code', () => {
  expect(count(undefined, 0)).toEqual({ passed: 0, failed: 1 });
});

test('a stage passes or fails as a whole, and its failure does not end the others', async () => {
  expect(await stage('fine', async () => undefined)).toEqual({ passed: 1, failed: 0 });
  const failing = async () => {
    throw new Trouble('not formatted');
  };
  expect(await stage('broken', failing)).toEqual({ passed: 0, failed: 1 });
});

test('the sum of all stages is said in one plain line', () => {
  const tallies = [
    { passed: 1, failed: 0 },
    { passed: 40, failed: 2 },
  ];
  expect(inWords(sum(tallies))).toBe('41 passed, 2 failed');
});
