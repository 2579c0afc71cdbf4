import { expect, test } from 'vitest';
import { nextSteps, runWaits } from './waits.ts';
import { proposalVersion, runState, stepState } from '../../test/fixtures/recorded-run.ts';
import type { StepState, StepStatus } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';

const result = { input: {}, output: {}, sources: [] };
const done: StepStatus = { is: 'succeeded', result };

function at(id: string, needs: readonly string[], status: StepStatus): [string, StepState] {
  const { step } = stepState('draft');
  return [id, stepState(id, { id, step: { ...step, id, name: id, needs } as Step, status })];
}

const names = (...steps: [string, StepState][]) =>
  nextSteps(runState({ steps: new Map(steps) })).map(({ id }) => id);

test('next come the steps whose needs are all done or under way', () => {
  const steps = [
    at('a', [], done),
    at('b', ['a'], { is: 'running' }),
    at('c', ['b'], { is: 'pending' }),
    at('d', ['c'], { is: 'pending' }),
    at('e', ['b', 'c'], { is: 'pending' }),
  ];
  expect(names(...steps)).toEqual(['c']);
});

test('behind a step that others carry out, its own steps come first', () => {
  const map = at('m', ['m.1.a', 'm.1.b'], { is: 'expanded' });
  const a = at('m.1.a', [], { is: 'running' });
  const then = at('then', ['m'], { is: 'pending' });
  expect(names(map, then, a, at('m.1.b', ['m.1.a'], { is: 'pending' }))).toEqual(['m.1.b']);
  expect(names(map, then, a, at('m.1.b', ['m.1.a'], { is: 'running' }))).toEqual(['then']);
});

test('a run that is over for good has no next step, one that has failed has those behind', () => {
  const steps = new Map([at('a', [], { is: 'running' }), at('b', ['a'], { is: 'pending' })]);
  const failure = { code: 'internal', message: 'No.', retry: 'never' } as const;
  expect(nextSteps(runState({ steps, status: { is: 'stopped', why: '', by: '' } }))).toEqual([]);
  expect(nextSteps(runState({ steps, status: { is: 'failed', failure } }))).toHaveLength(1);
});

const waiting = (id: string, status: StepStatus): [string, StepState] => at(id, [], status);

test('what asks for the operator is told first, and a run that is over waits for nothing', () => {
  const steps = new Map([
    waiting('again', { is: 'retrying', atMs: 5 }),
    waiting('time', { is: 'waiting', for: 'time', untilMs: 9 }),
    waiting('rain', { is: 'waiting', for: 'event', event: 'rain' }),
    waiting('ask', { is: 'waiting', for: 'answer', question: '?', options: ['a', 'b'] }),
    waiting('gate', { is: 'waiting', for: 'decision' }),
  ]);
  const state = runState({ steps });
  expect(runWaits(state).map(({ step }) => step)).toEqual(['gate', 'ask', 'rain', 'time', 'again']);
  expect(runWaits(state)[4]?.wait).toEqual({ for: 'retry', untilMs: 5 });
  expect(runWaits({ ...state, status: { is: 'succeeded' } })).toEqual([]);
});

test('P7: a gate does not promise approval by default of what rests on text from outside', () => {
  const asked = (tainted: boolean) => {
    const gate = { openedAtMs: 0, question: 'Go on?', proposals: [1], reminders: 0, untilMs: 9 };
    const versions = [proposalVersion({ tainted })];
    const proposal = { n: 1, step: 'a', status: { is: 'open' }, versions, createdAtMs: 0 } as const;
    const state = runState({
      steps: new Map([waiting('gate', { is: 'waiting', for: 'decision' })]),
      gates: new Map([['gate', { ...gate, otherwise: 'approve' }]]),
      proposals: new Map([[1, proposal]]),
    });
    return runWaits(state)[0]?.wait;
  };
  expect(asked(false)).toEqual({ for: 'decision', question: 'Go on?', untilMs: 9, otherwise: 'approve' });
  expect(asked(true)).toEqual({ for: 'decision', question: 'Go on?', untilMs: 9 });
});
