import { expect, test } from 'vitest';
import { RunFold } from './fold.ts';
import { staysUntilMs, wakesAtMs } from './wakes.ts';
import { atSecond, loopSteps, recorded, someFailure, startOf } from '../../test/fixtures/recorded-run.ts';
import type { RunEvent, RunEventOf } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Step } from '../contracts/workflow.ts';

const [draft] = loopSteps;
if (!draft) throw new Error('The loop has other steps');
const ids = ['try', 'time', 'event', 'answer'];
const steps: readonly Step[] = ids.map((id) => ({ ...draft, id }));

const starts = ids.map((step): RunEvent => {
  return { type: 'step.started', step, attempt: 1, data: { key: step } };
});
const waits = (step: string, wait: RunEventOf<'step.waiting'>['data']['wait']): RunEvent => {
  return { type: 'step.waiting', step, attempt: 1, data: { input: {}, wait } };
};
const again = (retryAtMs: number): RunEvent => ({
  type: 'step.failed',
  step: 'try',
  attempt: 1,
  data: { failure: someFailure, cost: noCost, retryAtMs },
});

function after(...events: RunEvent[]) {
  const { state } = new RunFold('r', recorded([startOf(steps), ...starts, ...events]));
  if (!state) throw new Error('not started');
  return state;
}

const all = [
  waits('answer', { for: 'answer', question: '?', options: ['a', 'b'], untilMs: atSecond(100) }),
  waits('time', { for: 'time', untilMs: atSecond(200) }),
  waits('event', { for: 'event', event: 'rain', untilMs: atSecond(300) }),
  again(atSecond(400)),
];

test('time moves the run with the first of its waits and tries that is still to come', () => {
  const state = after(...all);
  expect([0, 100, 200, 300].map((second) => wakesAtMs(state, atSecond(second)))).toEqual(
    [100, 200, 300, 400].map(atSecond),
  );
  expect(wakesAtMs(state, atSecond(400))).toBeUndefined();
});

test('a process stays for all of them but an answer', () => {
  expect(staysUntilMs(after(...all), atSecond(0))).toBe(atSecond(200));
});

test('what has no limit wakes nobody', () => {
  const state = after(waits('event', { for: 'event', event: 'rain' }));
  expect(wakesAtMs(state)).toBeUndefined();
  expect(staysUntilMs(state, 0)).toBeUndefined();
});
