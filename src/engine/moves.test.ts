import { expect, test } from 'vitest';
import { canGoOn } from './can-go-on.ts';
import { RunFold } from './fold.ts';
import { nextMoves } from './moves.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import { limits } from '../base/limits.ts';
import { budgetChoices, type Budget } from '../contracts/budget.ts';
import { eventsOf } from './orders.ts';
import type { AgentStep } from '../contracts/workflow.ts';
import { recorded, startOf } from '../../test/fixtures/recorded-run.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
const askPolicy = () => ({ then: 'ask', why: '' }) as const;

function step(id: string): AgentStep {
  const input = { objective: '', read: [], recall: [], fetch: [], sections: [] };
  return {
    kind: 'agent',
    id,
    name: id,
    needs: [],
    timeoutMs: 1,
    maxAttempts: 3,
    agent: 'x',
    with: input,
    writes: [],
  };
}

/** The state after a run of five independent steps has started and these events have come. */
function stateAfter(...events: RunEvent[]) {
  return stateWith({}, ...events);
}

function stateWith(budget: Budget, ...events: RunEvent[]) {
  const { state } = new RunFold('r', recorded([startOf(ids.map(step), budget), ...events]));
  if (!state) throw new Error('no state');
  return state;
}

const starts = (id: string): RunEvent => ({
  type: 'step.started',
  step: id,
  attempt: 1,
  data: { key: `r/${id}/1` },
});

const failsFor = (id: string, retryAtMs: number): RunEvent => ({
  type: 'step.failed',
  step: id,
  attempt: 1,
  data: { failure: { code: 'model.unavailable', message: 'down', retry: 'later' }, cost: noCost, retryAtMs },
});

test('independent steps start together, up to the limit', () => {
  const moves = nextMoves(stateAfter(), { nowMs: 0, inFlight: new Set(), askPolicy });
  expect(moves.events.map((event) => 'step' in event && event.step)).toEqual(['a', 'b', 'c', 'd']);
});

test('an attempt that a dead process left is made again with its key', () => {
  const moves = nextMoves(stateAfter(starts('a')), { nowMs: 0, inFlight: new Set(), askPolicy });
  expect(moves.attempts).toEqual(['a']);
});

test('a step that waits for its next try wakes the run then', () => {
  const state = stateAfter(starts('a'), failsFor('a', 900));
  const moves = nextMoves(state, { nowMs: 100, inFlight: new Set(['b', 'c', 'd', 'e']), askPolicy });
  expect(moves.wakeAtMs).toBe(900);
});

test('a step that is due but finds no place does not keep the run awake', () => {
  const state = stateAfter(...ids.map(starts), failsFor('a', 900));
  const moves = nextMoves(state, { nowMs: 1_000, inFlight: new Set(['b', 'c', 'd', 'e']), askPolicy });
  expect(moves).toMatchObject({ events: [], attempts: [], wakeAtMs: undefined });
});

const done = (id: string, cost: Partial<typeof noCost>): RunEvent => ({
  type: 'step.completed',
  step: id,
  attempt: 1,
  data: { input: {}, output: {}, cost: { ...noCost, ...cost }, sources: [] },
});

const spent = [
  ['money', { usd: 1 }, { usd: 1.2 }, '$1.20 of $1.00'],
  ['tokens', { tokens: 500 }, { tokensIn: 400, tokensOut: 100 }, '500 of 500 tokens'],
  ['minutes', { minutes: 2 }, { durationMs: 120_000 }, '2.0 of 2 minutes'],
  ['steps', { steps: 1 }, {}, '1 of 1 steps'],
  ['attempts', { attempts: 1 }, {}, '1 of 1 attempts'],
] as const;

test.each(spent)(
  'P10: a run that has spent its %s begins nothing more, and asks',
  (_what, budget, cost, text) => {
    const state = stateWith(budget, starts('a'), done('a', cost));
    const { events } = nextMoves(state, { nowMs: 0, inFlight: new Set(), askPolicy });
    expect(events.map(({ type }) => type)).toEqual(['step.started', 'step.waiting']);
    const asked = stateWith(budget, starts('a'), done('a', cost), ...events);
    expect(asked.status).toEqual({ is: 'waiting', for: `your answer: The run has spent ${text}. Go on?` });
    expect(nextMoves(asked, { nowMs: 0, inFlight: new Set(), askPolicy })).toMatchObject({
      events: [],
      attempts: [],
    });
  },
);

test.each([
  [budgetChoices.more, 4],
  [budgetChoices.unlimited, 4],
])('P10: “%s” lets the run go on, and the budget stays what it was for others', (choice, begun) => {
  const records = [starts('a'), done('a', { usd: 1.2 })];
  const ask = nextMoves(stateWith({ usd: 1 }, ...records), {
    nowMs: 0,
    inFlight: new Set(),
    askPolicy,
  }).events;
  const asked = stateWith({ usd: 1 }, ...records, ...ask);
  const answers = eventsOf(asked, { kind: 'answer', id: 'o', who: 'Ada', step: 'b', choice });
  const state = stateWith({ usd: 1 }, ...records, ...ask, ...answers);
  const { events } = nextMoves(state, { nowMs: 0, inFlight: new Set(), askPolicy });
  expect(events.filter(({ type }) => type === 'step.started')).toHaveLength(begun);
  expect(state.definition.workflow.budget).toEqual({ usd: 1 });
});

test('P10: while a budget is asked about nobody takes the run over, and an answer to another question is none', () => {
  const records = [starts('a'), done('a', { usd: 1.2 })];
  const ask = nextMoves(stateWith({ usd: 1 }, ...records), {
    nowMs: 0,
    inFlight: new Set(),
    askPolicy,
  }).events;
  const asked = stateWith({ usd: 1 }, ...records, ...ask);
  expect(canGoOn(asked, 0)).toBe(false);
  const order = { kind: 'answer', id: 'o', who: 'Ada', step: 'b', choice: budgetChoices.unlimited } as const;
  expect(eventsOf(asked, { ...order, attempt: 2 })).toEqual([]);
  expect(eventsOf(asked, { ...order, attempt: 1 })).toHaveLength(1);
});

test('P10: “Stop the run” stops it', () => {
  const records = [starts('a'), done('a', { usd: 1.2 })];
  const ask = nextMoves(stateWith({ usd: 1 }, ...records), {
    nowMs: 0,
    inFlight: new Set(),
    askPolicy,
  }).events;
  const asked = stateWith({ usd: 1 }, ...records, ...ask);
  const stop = { kind: 'answer', id: 'o', who: 'Ada', step: 'b', choice: budgetChoices.stop } as const;
  expect(eventsOf(asked, stop)).toMatchObject([{ type: 'run.stopped', data: { by: 'Ada' } }]);
});

test('P10: a step that has spent its own budget asks, and the others go on', () => {
  const own = { ...step('a'), budget: { usd: 0.5 } };
  const failure = { code: 'model.unavailable', message: 'down', retry: 'later' } as const;
  const failed: RunEvent = {
    type: 'step.failed',
    step: 'a',
    attempt: 1,
    data: { failure, cost: { ...noCost, usd: 1 }, retryAtMs: 5 },
  };
  const events = [starts('a'), failed];
  const { state } = new RunFold('r', recorded([startOf([own]), ...events]));
  if (!state) throw new Error('not started');
  const [, asks] = nextMoves(state, { nowMs: 10, inFlight: new Set(), askPolicy }).events;
  expect(asks).toMatchObject({
    type: 'step.waiting',
    data: { wait: { budget: { scope: 'step', unit: 'usd', limit: 0.5 } } },
  });
});

test('P10: a step is not tried for ever, however often it is retried', () => {
  const tries = Array.from({ length: limits.attemptsPerStep }, (_, i): RunEvent[] => [
    { type: 'step.started', step: 'a', attempt: i + 1, data: { key: `r/a/${i + 1}` } },
    { ...failsFor('a', 1), attempt: i + 1 } as RunEvent,
  ]);
  const state = stateAfter(...tries.flat());
  const moves = nextMoves(state, { nowMs: 10, inFlight: new Set(['b', 'c', 'd']), askPolicy });
  const [failed] = moves.events.filter((event) => event.type === 'step.failed');
  expect(failed).toMatchObject({ step: 'a', data: { failure: { code: 'limit.reached' } } });
});
