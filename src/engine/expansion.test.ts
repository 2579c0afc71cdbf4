import { describe, expect, it } from 'vitest';
import { RunFold } from './fold.ts';
import { nextMoves } from './moves.ts';
import { eventsOf } from './orders.ts';
import { proposalVersion, recorded, startOf } from '../../test/fixtures/recorded-run.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { AgentStep, Step } from '../contracts/workflow.ts';

const base = { needs: [], timeoutMs: 60_000, maxAttempts: 1 };

function agent(id: string, needs: readonly string[] = [], writes: readonly string[] = []): AgentStep {
  const input = { objective: '', read: [], recall: [], fetch: [], sections: [] };
  return { ...base, kind: 'agent', id, name: id, needs, agent: 'executor', with: input, writes };
}

function gate(id: string, needs: readonly string[]): Step {
  return { ...base, kind: 'gate', id, name: id, needs, question: 'Good?' };
}

function map(id: string, needs: readonly string[], steps: readonly Step[], atOnce = 4): Step {
  return { ...base, kind: 'map', id, name: id, needs, over: { list: [] }, atOnce, steps };
}

/** list → letters (write → check) → last */
const letters = [
  agent('list', [], ['list.md']),
  map('letters', ['list'], [agent('write', [], ['a.md']), agent('check', ['write'])]),
  agent('last', ['letters']),
];

const started = (step: string, attempt = 1, n?: number): RunEvent => ({
  type: 'step.started',
  step,
  attempt,
  data: { key: `r/${step}/${attempt}`, ...(n === undefined ? {} : { proposal: { n, version: 1 } }) },
});
const completed = (step: string, attempt = 1, n?: number): RunEvent => ({
  type: 'step.completed',
  step,
  attempt,
  data: {
    input: {},
    output: { by: step },
    cost: noCost,
    sources: [],
    ...(n === undefined ? {} : { proposal: proposalVersion({ n }) }),
  },
});
const failed = (step: string): RunEvent => ({
  type: 'step.failed',
  step,
  attempt: 1,
  data: { failure: { code: 'internal', message: 'No.', retry: 'never' }, cost: noCost },
});
const expanded = (step: string, items: number, attempt = 1): RunEvent => ({
  type: 'step.expanded',
  step,
  attempt,
  data: {
    input: {},
    parts: Array.from({ length: items }, (_, i) => ({ id: `${step}.${i + 1}`, label: `#${i + 1}`, item: i })),
  },
});
const done = (...steps: string[]) => steps.flatMap((step) => [started(step), completed(step)]);

function foldOf(steps: readonly Step[], events: readonly RunEvent[]) {
  const fold = new RunFold('r', recorded([startOf(steps), ...events]));
  if (!fold.state) throw new Error('Not started');
  return fold.state;
}

function moves(state: ReturnType<typeof foldOf>, inFlight: readonly string[] = []) {
  return nextMoves(state, {
    nowMs: 0,
    inFlight: new Set(inFlight),
    askPolicy: () => ({ then: 'ask', why: '' }),
  });
}

const statuses = (state: ReturnType<typeof foldOf>) =>
  Object.fromEntries([...state.steps.values()].map(({ id, status }) => [id, status.is]));
const begun = (events: readonly RunEvent[]) => events.flatMap((event) => ('step' in event ? event.step : []));

describe('a map', () => {
  it('runs its steps once for each item, side by side, and is done when all of them are', () => {
    const before = [...done('list'), started('letters'), expanded('letters', 2)];
    expect(begun(moves(foldOf(letters, before)).events)).toEqual(['letters.1.write', 'letters.2.write']);
    const all = done('letters.1.write', 'letters.2.write', 'letters.1.check', 'letters.2.check');
    const [end] = moves(foldOf(letters, [...before, ...all])).events;
    expect(end).toMatchObject({ type: 'step.completed', step: 'letters', data: { output: { parts: 2 } } });
    const state = foldOf(letters, [...before, ...all, completed('letters')]);
    expect(begun(moves(state).events)).toEqual(['last']);
  });

  it('without items is done at once', () => {
    const state = foldOf(letters, [...done('list'), started('letters'), expanded('letters', 0)]);
    expect(moves(state).events).toMatchObject([{ type: 'step.completed', step: 'letters' }]);
  });

  it('makes no more attempts at a time than it may, whatever else runs', () => {
    const steps = [map('letters', [], [agent('write')], 2), agent('other')];
    const state = foldOf(steps, [started('letters'), expanded('letters', 5)]);
    expect(begun(moves(state).events)).toEqual(['other', 'letters.1.write', 'letters.2.write']);
    const later = foldOf(steps, [
      ...[started('letters'), expanded('letters', 5), started('letters.1.write')],
      ...[started('letters.2.write'), completed('letters.2.write'), ...done('other')],
    ]);
    expect(begun(moves(later, ['letters.1.write']).events)).toEqual(['letters.3.write']);
  });

  it('keeps what its other items came to when one fails, and goes on with that one alone when it is retried', () => {
    const before = [...done('list'), started('letters'), expanded('letters', 2), ...done('letters.2.write')];
    const events = [
      ...before,
      started('letters.1.write'),
      failed('letters.1.write'),
      ...done('letters.2.check'),
    ];
    const [end] = moves(foldOf(letters, events)).events;
    expect(end).toMatchObject({ type: 'run.failed', data: { step: 'letters.1.write' } });
    const stopped = foldOf(letters, [...events, ...(end ? [end] : [])]);
    const order = { kind: 'retry', id: 'o', who: 'Ada', step: 'letters.1.write' } as const;
    const retried = eventsOf(stopped, order);
    expect(retried).toMatchObject([
      { type: 'step.retried', data: { resets: ['letters', 'last', 'letters.1.write', 'letters.1.check'] } },
    ]);
    const state = foldOf(letters, [...events, ...(end ? [end] : []), ...retried]);
    expect(statuses(state)).toMatchObject({ letters: 'expanded', 'letters.2.check': 'succeeded' });
    expect(begun(moves(state).events)).toEqual(['letters.1.write']);
  });

  it('is expanded anew, with other items, when what comes before it is made anew', () => {
    const events = [
      ...[started('list', 1, 1), completed('list', 1, 1), started('letters'), expanded('letters', 2)],
      ...[
        started('letters.1.write', 1, 2),
        completed('letters.1.write', 1, 2),
        started('letters.2.write', 1, 3),
      ],
    ];
    const resets = ['list', 'letters', 'last', 'letters.1.write', 'letters.2.write', 'letters.1.check'];
    const again: RunEvent = {
      type: 'step.sent-back',
      step: 'last',
      attempt: 1,
      data: {
        to: 'list',
        by: 'Ada',
        feedback: { from: 'operator', text: 'Others', findings: [] },
        resets,
        cost: noCost,
      },
    };
    const state = foldOf(letters, [...events, again]);
    expect(statuses(state)).toEqual({ list: 'pending', letters: 'pending', last: 'pending' });
    expect(state.proposals.get(2)?.status.is).toBe('withdrawn');
    const anew = [...events, again, started('list', 2, 1), completed('list', 2, 1), started('letters', 2)];
    const next = moves(foldOf(letters, [...anew, expanded('letters', 1, 2)])).events;
    expect(next).toMatchObject([
      { type: 'step.started', step: 'letters.1.write', attempt: 2, data: { key: 'r/letters.1.write/2' } },
    ]);
  });
});

it('a map that is expanded twice, as a fork may tell it, has the parts of the second time alone', () => {
  const again = [started('letters', 2), expanded('letters', 1, 2)];
  const state = foldOf(letters, [...done('list'), started('letters'), expanded('letters', 2), ...again]);
  expect([...state.steps.keys()]).toEqual(['list', 'letters', 'last', 'letters.1.write', 'letters.1.check']);
  expect(state.steps.get('letters.1.write')?.step.needs).toEqual(['list']);
  expect(begun(moves(state).events)).toEqual(['letters.1.write']);
});

it('an item from outside taints the run', () => {
  const event = expanded('letters', 1);
  if (event.type !== 'step.expanded') throw new Error('no expansion');
  const parts = event.data.parts.map((part) => ({ ...part, untrusted: true }));
  const outside: RunEvent = { ...event, data: { ...event.data, parts } };
  expect(foldOf(letters, [...done('list'), started('letters'), outside]).tainted).toBe(true);
});

describe('a gate within a map', () => {
  const steps = [
    map('letters', [], [agent('write', [], ['a.md']), gate('ask', ['write']), agent('use', ['ask'])]),
  ];

  it('asks about its own item, and holds up no other', () => {
    const state = foldOf(steps, [
      ...[started('letters'), expanded('letters', 2), started('letters.1.write', 1, 1)],
      ...[
        completed('letters.1.write', 1, 1),
        started('letters.2.write', 1, 2),
        completed('letters.2.write', 1, 2),
      ],
    ]);
    const [, first] = moves(state, []).events;
    expect(first).toMatchObject({ step: 'letters.1.ask', data: { proposals: [{ n: 1 }] } });
  });
});

describe('a called workflow', () => {
  it('is carried out by the steps of the workflow that was pinned, and knows what the steps before it made', () => {
    const call: Step = {
      ...base,
      kind: 'workflow',
      id: 'sub',
      name: 'Sub',
      needs: ['list'],
      workflow: 'w2',
      with: {},
    };
    const start = startOf([agent('list'), call, agent('last', ['sub'])]);
    const inner = { id: 'w2', name: 'W2', inputs: {}, budget: {}, permissions: { write: [] } };
    const workflows = { w2: { ...inner, steps: [agent('a'), agent('b', ['a'])] } };
    if (start.type !== 'run.started') throw new Error('No start');
    const definition = { ...(start.data.definition as object), workflows };
    const pinned = JSON.parse(JSON.stringify({ ...start, data: { ...start.data, definition } })) as RunEvent;
    const call1: RunEvent = {
      type: 'step.expanded',
      step: 'sub',
      attempt: 1,
      data: { input: {}, parts: [{ id: 'sub' }] },
    };
    const state = new RunFold('r', recorded([pinned, ...done('list'), started('sub'), call1])).state;
    expect(state?.steps.get('sub.a')?.step).toMatchObject({
      needs: ['list'],
      name: 'Sub › a',
      within: { local: 'a' },
    });
    expect(state?.steps.get('sub.b')?.step.needs).toEqual(['sub.a']);
    expect(state?.steps.get('sub')?.step.needs).toEqual(['list', 'sub.a', 'sub.b']);
  });
});
