import { expect, test } from 'vitest';
import { RunFold } from './fold.ts';
import { answered, knownEvents, occurred, waitMoves } from './waits.ts';
import { atSecond, loopSteps, recorded, startOf } from '../../test/fixtures/recorded-run.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { Wait } from '../contracts/run.ts';
import { watchOf } from '../contracts/trigger.ts';
import type { Step, WaitFor } from '../contracts/workflow.ts';

const step = (id: string, wanted: WaitFor): Step => {
  return { kind: 'wait', id, name: id, needs: [], timeoutMs: 1, maxAttempts: 1, for: wanted };
};
const rain = { is: 'event', event: 'rain' } as const;

function waitingFor(wait: Wait, ...events: RunEvent[]) {
  const plain = 'options' in wait ? { ...wait, options: [...wait.options] } : wait;
  const started: RunEvent = { type: 'step.started', step: 'w', attempt: 1, data: { key: 'k' } };
  const waiting: RunEvent = { type: 'step.waiting', step: 'w', attempt: 1, data: { input: {}, wait: plain } };
  const records = recorded([startOf([step('w', rain)]), started, waiting, ...events]);
  const { state } = new RunFold('r', records);
  if (!state) throw new Error('not started');
  return state;
}

const signal = (event: string, text: string): RunEvent => {
  return { type: 'signal.received', data: { event, text, by: 'Ada' } };
};
const done = (output: object) => [{ type: 'step.completed', step: 'w', data: { output } }];
const failed = [{ type: 'step.failed', step: 'w', data: { failure: { code: 'wait.expired' } } }];
const untilMs = atSecond(60);

test('a moment is waited for until it is there', () => {
  const state = waitingFor({ for: 'time', untilMs });
  expect(waitMoves(state, untilMs - 1)).toEqual([]);
  expect(waitMoves(state, untilMs)).toMatchObject(done({ until: new Date(untilMs).toISOString() }));
});

test('an event ends the wait for it and no other, with the latest that was told of it', () => {
  const wait = { for: 'event', event: 'rain' } as const;
  expect(waitMoves(waitingFor(wait, signal('snow', 'White')), untilMs)).toEqual([]);
  const state = waitingFor(wait, signal('rain', 'A drop'), signal('rain', 'It pours'));
  expect(waitMoves(state, untilMs)).toMatchObject(done({ event: 'rain', text: 'It pours', by: 'Ada' }));
});

test('an event that comes with the last moment counts', () => {
  const state = waitingFor({ for: 'event', event: 'rain', untilMs, otherwise: 'dry' }, signal('rain', 'Wet'));
  expect(waitMoves(state, untilMs)).toMatchObject(done({ text: 'Wet' }));
});

test.each<Wait>([
  { for: 'event', event: 'rain', untilMs },
  { for: 'occurrence', watch: watchOf({ kind: 'file', paths: ['a/*'] }), known: [], untilMs },
  { for: 'answer', question: 'a?', options: ['a', 'b'], untilMs },
])('a wait for an $for whose time is up takes its default, or fails without one', (wait) => {
  expect(waitMoves(waitingFor(wait), untilMs - 1)).toEqual([]);
  expect(waitMoves(waitingFor(wait), untilMs)).toMatchObject(failed);
  const byDefault = waitMoves(waitingFor({ ...wait, otherwise: 'b' } as Wait), untilMs);
  expect(byDefault).toMatchObject(done({ answer: 'b', text: 'b', by: 'expiry' }));
});

test('an answer is one of the options, to a step that asks', () => {
  const state = waitingFor({ for: 'answer', question: 'a?', options: ['a', 'b'] });
  const at = state.steps.get('w');
  if (!at) throw new Error('no step');
  expect(answered(state, at, { choice: 'b', who: 'Ada' })).toMatchObject(done({ answer: 'b', by: 'Ada' }));
  expect(answered(state, at, { choice: 'c', who: 'Ada' })).toEqual([]);
  expect(answered(state, { ...at, status: { is: 'pending' } }, { choice: 'b', who: 'Ada' })).toEqual([]);
  const asked = { ...at, status: { is: 'waiting', for: 'decision' } } as const;
  expect(answered(state, asked, { choice: 'b', who: 'Ada' })).toEqual([]);
});

test('what has come ends the wait of the attempt that it came to, and no other', () => {
  const watch = watchOf({ kind: 'connector', connector: 'inbox', operation: 'mails', with: {}, everyMs: 1 });
  const at = waitingFor({ for: 'occurrence', watch, known: [] }).steps.get('w');
  const item = { id: '1', title: 'Yes', uri: 'inbox/1' };
  const came = { attempt: 1, occurrence: { kind: 'connector', atMs: 0, item }, outside: true } as const;
  const sources = [{ id: 'inbox:1', title: 'Yes', uri: 'inbox/1', untrusted: true }];
  const output = { time: '1970-01-01T00:00:00Z', item };
  expect(occurred(at, came)).toMatchObject([{ type: 'step.completed', data: { output, sources } }]);
  expect(occurred(at, { ...came, attempt: 2 })).toEqual([]);
  expect(occurred(waitingFor({ for: 'event', event: 'rain' }).steps.get('w'), came)).toEqual([]);
});

test('an empty signal is one', () => {
  const state = waitingFor({ for: 'event', event: 'rain' }, signal('rain', ''));
  expect(waitMoves(state, 0)).toMatchObject(done({ text: '' }));
});

test('the events of a run are those of all its steps, within maps and called workflows too, each once', () => {
  const state = waitingFor({ for: 'event', event: 'rain' });
  const inner = step('inner', { is: 'event', event: 'snow' });
  const map: Step = {
    ...step('m', rain),
    kind: 'map',
    over: { list: [] },
    atOnce: 1,
    steps: [inner],
  };
  const { workflow } = state.definition;
  const called = { ...workflow, id: 'called', steps: [step('c', { is: 'event', event: 'hail' })] };
  const definition = {
    ...state.definition,
    workflow: { ...workflow, steps: [...loopSteps, step('w', rain), map] },
    workflows: { called },
  };
  expect(knownEvents({ ...state, definition })).toEqual(['rain', 'snow', 'hail']);
});
