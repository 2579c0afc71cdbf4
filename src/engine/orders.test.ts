import { expect, test } from 'vitest';
import { editedStep } from './edited-step.ts';
import { RunFold } from './fold.ts';
import { nextMoves } from './moves.ts';
import { eventsOf } from './orders.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import { handOver } from '../contracts/hand-over.ts';
import type { RunOrder } from '../contracts/runs.ts';
import type { ConnectorStep, GateStep, Step } from '../contracts/workflow.ts';
import {
  proposalVersion,
  recorded,
  someFailure,
  startOf,
  loopSteps,
} from '../../test/fixtures/recorded-run.ts';

const base = { timeoutMs: 60_000, maxAttempts: 1 };
const read = (id: string, ...needs: string[]): ConnectorStep => {
  return {
    ...base,
    kind: 'connector',
    id,
    name: id,
    needs,
    connector: 'c',
    operation: 'o',
    with: { of: 'a' },
  };
};
const gate: GateStep = { ...base, kind: 'gate', id: 'gate', name: 'gate', needs: ['b'], question: '?' };

function runOf(steps: readonly Step[], ...events: RunEvent[]): RunFold {
  return new RunFold('r', recorded([startOf(steps), ...events]));
}

const fails = (step: string): RunEvent[] => [
  { type: 'step.started', step, attempt: 1, data: { key: `r/${step}/1` } },
  { type: 'step.failed', step, attempt: 1, data: { failure: someFailure, cost: noCost } },
];
const ended: RunEvent = { type: 'run.failed', data: { step: 'a', failure: someFailure } };
const retry = (more: object = {}): RunOrder => ({ kind: 'retry', id: '1', who: 'Ada', ...more });
const skip = (step: string): RunOrder => ({ kind: 'skip', id: '1', who: 'Ada', step, why: 'It can wait.' });

/** The run after an order: its state, and the steps that start next. */
function after(fold: RunFold, order: RunOrder) {
  if (!fold.state) throw new Error('not started');
  for (const record of recorded(eventsOf(fold.state, order))) fold.apply(record);
  const askPolicy = () => ({ then: 'ask', why: '' }) as const;
  const { events } = nextMoves(fold.state, { nowMs: 0, inFlight: new Set(), askPolicy });
  const starting = events.flatMap((event) => (event.type === 'step.started' ? [event.step] : []));
  return { state: fold.state, starting, events };
}

test('a run is tried again from all steps that have failed, or from the one that was named', () => {
  const failed = () => runOf([read('a'), read('b'), read('c', 'b')], ...fails('a'), ...fails('b'), ended);
  expect(after(failed(), retry()).starting).toEqual(['a', 'b']);
  expect(after(failed(), retry({ step: 'b' })).starting).toEqual(['b']);
});

test('what was edited of a step’s input counts for every later try of it', () => {
  const fold = runOf([read('a')], ...fails('a'), ended);
  const { state } = after(fold, retry({ step: 'a', with: { of: 'b' } }));
  expect(editedStep(read('a'), state.steps.get('a')?.edits ?? {})).toMatchObject({ with: { of: 'b' } });
  const again: RunEvent[] = [
    { type: 'step.started', step: 'a', attempt: 2, data: { key: 'r/a/2' } },
    { type: 'step.failed', step: 'a', attempt: 2, data: { failure: someFailure, cost: noCost } },
    ended,
  ];
  for (const record of recorded(again)) fold.apply(record);
  expect(after(fold, retry()).state.steps.get('a')?.edits).toEqual({ of: 'b' });
});

test('a skipped step lets those behind it go on, and the run can be completed', () => {
  const fold = runOf([read('a'), read('b', 'a')], ...fails('a'), ended);
  const { state, starting } = after(fold, skip('a'));
  expect(starting).toEqual(['b']);
  expect(state.steps.get('a')?.status).toEqual({ is: 'skipped', by: 'Ada', why: 'It can wait.' });
  const done: RunEvent[] = [
    { type: 'step.started', step: 'b', attempt: 1, data: { key: 'r/b/1' } },
    {
      type: 'step.completed',
      step: 'b',
      attempt: 1,
      data: { input: {}, output: {}, cost: noCost, sources: [] },
    },
  ];
  for (const record of recorded(done)) fold.apply(record);
  expect(after(fold, skip('a')).events).toEqual([{ type: 'run.completed', data: {} }]);
});

test('a step that was handed over waits for the operator, and is done or left as they say', () => {
  const take = { kind: 'take', id: '1', who: 'Ada', step: 'a' } as const;
  const say = (choice: string): RunOrder => ({ kind: 'answer', id: '2', who: 'Ada', step: 'a', choice });
  const taken = () => {
    const fold = runOf([read('a'), read('b', 'a')], ...fails('a'), ended);
    expect(after(fold, take).state.status).toEqual({
      is: 'waiting',
      for: 'your answer: “a” is yours to do by hand. Is it done?',
    });
    expect(after(fold, take).state.steps.get('a')?.status.is).toBe('waiting');
    return fold;
  };
  const done = after(taken(), say(handOver.done));
  expect(done.state.steps.get('a')?.status.is).toBe('succeeded');
  expect(done.starting).toEqual(['b']);
  const left = after(taken(), say(handOver.leave));
  expect(left.state.steps.get('a')?.status).toMatchObject({ is: 'skipped', by: 'Ada' });
});

test('undecided work of a skipped step is withdrawn', () => {
  const [draft] = loopSteps;
  if (!draft) throw new Error('no step');
  const fold = runOf(
    [draft],
    {
      type: 'step.started',
      step: 'draft',
      attempt: 1,
      data: { key: 'r/draft/1', proposal: { n: 1, version: 1 } },
    },
    {
      type: 'step.completed',
      step: 'draft',
      attempt: 1,
      data: { input: {}, output: {}, cost: noCost, sources: [], proposal: proposalVersion() },
    },
    {
      type: 'step.sent-back',
      step: 'draft',
      attempt: 1,
      data: {
        to: 'draft',
        by: 'check',
        feedback: { from: 'check', text: 'No.', findings: [] },
        resets: ['draft'],
        cost: noCost,
      },
    },
    {
      type: 'step.started',
      step: 'draft',
      attempt: 2,
      data: { key: 'r/draft/2', proposal: { n: 1, version: 2 } },
    },
    { type: 'step.failed', step: 'draft', attempt: 2, data: { failure: someFailure, cost: noCost } },
    { type: 'run.failed', data: { step: 'draft', failure: someFailure } },
  );
  expect(after(fold, skip('draft')).state.proposals.get(1)?.status).toMatchObject({ is: 'withdrawn' });
});

test('a gate is not passed over, and neither is a step that has not failed', () => {
  const opened: RunEvent[] = [
    { type: 'step.started', step: 'gate', attempt: 1, data: { key: 'r/gate/1' } },
    { type: 'step.failed', step: 'gate', attempt: 1, data: { failure: someFailure, cost: noCost } },
  ];
  const fold = runOf([read('b'), gate], ...opened, ended);
  if (!fold.state) throw new Error('not started');
  expect(eventsOf(fold.state, skip('gate'))).toEqual([]);
  expect(eventsOf(fold.state, skip('b'))).toEqual([]);
  expect(eventsOf(fold.state, skip('nowhere'))).toEqual([]);
});

test('a run that the operator has stopped is neither tried again nor gone on with', () => {
  const stopped: RunEvent = { type: 'run.stopped', data: { why: 'Enough.', by: 'Ada' } };
  const fold = runOf([read('a')], ...fails('a'), stopped);
  if (!fold.state) throw new Error('not started');
  expect(eventsOf(fold.state, retry())).toEqual([]);
  expect(eventsOf(fold.state, skip('a'))).toEqual([]);
});

test('an agent’s objective is edited, and nothing else of its step', () => {
  const [draft] = loopSteps;
  if (draft?.kind !== 'agent') throw new Error('no agent');
  const edited = editedStep(draft, { objective: 'Shorter', writes: 'AGENTS.md' });
  expect(edited).toEqual({ ...draft, with: { ...draft.with, objective: 'Shorter' } });
});

test('P2: an order that was obeyed is not obeyed again, though its process died before it was acknowledged', () => {
  const fold = runOf([read('a')], ...fails('a'), ended);
  const order = retry();
  if (!fold.state) throw new Error('not started');
  const obeyed = recorded(eventsOf(fold.state, order)).map((record) => ({ ...record, order: order.id }));
  for (const record of obeyed) fold.apply(record);
  const again: RunEvent[] = [
    { type: 'step.started', step: 'a', attempt: 2, data: { key: 'r/a/2' } },
    { type: 'step.failed', step: 'a', attempt: 2, data: { failure: someFailure, cost: noCost } },
    ended,
  ];
  for (const record of recorded(again)) fold.apply(record);
  expect(eventsOf(fold.state, order)).toEqual([]);
  expect(eventsOf(fold.state, { ...order, id: '2' })).toMatchObject([{ type: 'step.retried', step: 'a' }]);
});
