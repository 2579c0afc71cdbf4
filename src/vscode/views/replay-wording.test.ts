import { expect, test } from 'vitest';
import { replayText } from './replay-wording.ts';
import type { RunEvent } from '../../contracts/journal.ts';

const report = { run: 'r', message: 'in full' };

test('a run that replays says so in a line', () => {
  expect(replayText('Loop', { ...report, is: 'same', records: 13 })).toBe(
    'Loop replays: 13 records, all as recorded.',
  );
});

test('a run that does not names the record where it parts', () => {
  const expected: RunEvent = {
    type: 'gate.opened',
    step: 'approve',
    attempt: 1,
    data: { question: 'Now?', proposals: [] },
  };
  expect(replayText('Loop', { ...report, is: 'different', n: 11, expected })).toBe(
    'Loop does not replay: record 11 (gate.opened of “approve”) is not what the engine makes of the records before it.',
  );
  expect(replayText('Loop', { ...report, is: 'different', n: 3 })).toContain('record 3 is not');
});
