import { expect, test } from 'vitest';
import { canGoOn } from './can-go-on.ts';
import { RunFold } from './fold.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Step } from '../contracts/workflow.ts';
import {
  atSecond,
  loopSteps,
  proposalVersion,
  recorded,
  someFailure,
  startOf,
} from '../../test/fixtures/recorded-run.ts';

const [draft, , approve] = loopSteps;
if (!draft || !approve) throw new Error('The loop has other steps');
const steps: readonly Step[] = [
  draft,
  { ...draft, id: 'other', name: 'Other' },
  { ...approve, needs: ['draft', 'other'] },
];

function after(...events: RunEvent[]): boolean {
  const { state } = new RunFold('r', recorded([startOf(steps), ...events]));
  if (!state) throw new Error('not started');
  return canGoOn(state, atSecond(100));
}

const proposes = (step: string, n: number): RunEvent[] => [
  { type: 'step.started', step, attempt: 1, data: { key: `r/${step}/1`, proposal: { n, version: 1 } } },
  {
    type: 'step.completed',
    step,
    attempt: 1,
    data: { input: {}, output: {}, cost: noCost, sources: [], proposal: proposalVersion({ n }) },
  },
];
const both = [...proposes('draft', 1), ...proposes('other', 2)];
const asks: RunEvent[] = [
  { type: 'step.started', step: 'approve', attempt: 1, data: { key: 'r/approve/1' } },
  {
    type: 'gate.opened',
    step: 'approve',
    attempt: 1,
    data: {
      question: '?',
      proposals: [
        { n: 1, version: 1 },
        { n: 2, version: 1 },
      ],
    },
  },
];
const approved: RunEvent = {
  type: 'decision.made',
  data: { n: 1, version: 1, commit: 'a'.repeat(40), verdict: 'approve', by: 'operator', who: 'Ada' },
};
const applying: RunEvent = {
  type: 'apply.started',
  data: { n: 1, commit: 'c'.repeat(40), head: 'b'.repeat(40), branch: 'refs/heads/main', paths: [] },
};
const blocked: RunEvent = { type: 'apply.blocked', data: { n: 1, failure: someFailure } };

test('a run goes on while steps can be tried, whether or not anything has begun', () => {
  expect(after()).toBe(true);
  expect(after(...proposes('draft', 1))).toBe(true);
  expect(after(...both)).toBe(true);
});

test('a run that waits for decisions alone does not', () => {
  expect(after(...both, ...asks)).toBe(false);
});

test('a run that was left while applying goes on, though another proposal of its gate waits', () => {
  expect(after(...both, ...asks, approved)).toBe(true);
  expect(after(...both, ...asks, approved, applying)).toBe(true);
});

test('an approval that could not be applied waits for the operator', () => {
  expect(after(...both, ...asks, approved, blocked)).toBe(false);
});

test('a run that is over does not go on', () => {
  expect(after({ type: 'run.stopped', data: { why: 'Enough.', by: 'Ada' } })).toBe(false);
});
