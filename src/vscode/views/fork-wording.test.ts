import { expect, test } from 'vitest';
import { beyondText, forkedText, takeBackTarget } from './fork-wording.ts';

const from = '20261120-loop-ab12';
const commit = 'c0ffee';
const first = { proposal: `${from}/1`, commit };
const second = { proposal: `${from}/2`, commit };

test('a fork says how much it keeps', () => {
  const step = { step: 'plan', name: 'Plan' };
  expect(forkedText({ kept: [step] })).toBe('Forked: 1 step of the run is kept.');
  expect(forkedText({ kept: [step, step] })).toBe('Forked: 2 steps of the run are kept.');
  expect(forkedText({ kept: [] })).toBe('Forked: nothing could be kept, every step is made anew.');
});

test('what is on the branch and no part of the fork is told in the right number', () => {
  expect(beyondText({ from, beyond: [], sent: [], inDoubt: [] })).toEqual([]);
  expect(beyondText({ from, beyond: [first], sent: [], inDoubt: [] })[0]).toContain(
    `1 proposal that ${from} has applied is no part`,
  );
  expect(beyondText({ from, beyond: [first, second], sent: [], inDoubt: [] })[0]).toContain('2 proposals');
});

test.each([
  ['nothing when the fork builds on all of it', [first], [], undefined],
  ['the one proposal', [first], [second], `${from}/2`],
  ['the run when nothing of it is kept', [], [first, second], from],
  ['nothing that would take back what is kept, too', [first], [second, { ...second }], undefined],
])('what takes it back is %s', (_what, applied, beyond, target) => {
  expect(takeBackTarget({ from, applied, beyond, sent: [], inDoubt: [] })).toBe(target);
});

test('what the other run has sent is taken back with all of it, or not at all', () => {
  const sent = [{ effect: 'Send (send through mail)', step: 'send', atMs: 1 }];
  const beyond = [first];
  expect(takeBackTarget({ from, applied: [], beyond, sent, inDoubt: [] })).toBe(from);
  expect(takeBackTarget({ from, applied: [second], beyond, sent, inDoubt: [] })).toBeUndefined();
  expect(beyondText({ from, beyond: [], sent, inDoubt: [] })[0]).toContain('Send (send through mail)');
});
