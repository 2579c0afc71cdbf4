import { expect, test } from 'vitest';
import { RunFold } from './fold.ts';
import { noteOf } from './outcomes.ts';
import { begun, post, postExpanded, started } from './sent-effect.fixture.ts';
import { recorded, someFailure, startOf } from '../../test/fixtures/recorded-run.ts';
import { doubt } from '../contracts/effect.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import { effectName, effectsDelivered, effectsInDoubt, isUnderWay } from '../contracts/sending.ts';

const keyOf = (n: number) => `r/post/${String(n).repeat(16)}`;

function completed(attempt: number, input: object, output: object): RunEvent {
  const data = { input: { ...input }, output: { ...output }, cost: noCost, sources: [] };
  return { type: 'step.completed', step: 'post.deliver', attempt, data };
}

function failed(attempt: number, more: object = {}): RunEvent {
  const data = { failure: someFailure, cost: noCost, ...more };
  return { type: 'step.failed', step: 'post.deliver', attempt, data };
}

function asked(attempt: number): RunEvent {
  const options = Object.values(doubt);
  const wait = { for: 'answer' as const, question: '?', options, key: keyOf(attempt) };
  return { type: 'step.waiting', step: 'post.deliver', attempt, data: { input: {}, wait } };
}

const anew: RunEvent = {
  type: 'step.retried',
  step: 'post.compose',
  attempt: 1,
  data: { by: 'Ada', resets: ['post', 'post.compose', 'post.approve', 'post.deliver'], with: { with: 'b' } },
};
const stopped: RunEvent = { type: 'run.stopped', data: { why: 'Enough.', by: 'Ada' } };

function stateAfter(...events: RunEvent[]) {
  const { state } = new RunFold('r', recorded([startOf([post]), ...postExpanded, ...events]));
  if (!state) throw new Error('not started');
  return state;
}

const doubtsAfter = (...events: RunEvent[]) => effectsInDoubt(stateAfter(...events)).map(({ key }) => key);

test('what was sent stays known when its step is begun anew and sends again, the latest first', () => {
  const state = stateAfter(
    ...begun(1, 'a'),
    completed(1, { key: keyOf(1), with: { title: 'as approved' } }, { receipt: { id: 1 } }),
    anew,
    ...begun(2, 'b'),
    completed(2, { key: keyOf(2) }, { receipt: { id: 2 } }),
  );
  expect(effectsDelivered(state)).toMatchObject([
    // Journals of before tell no parameters with a receipt: those are the composed ones.
    { step: 'post.deliver', attempt: 2, key: keyOf(2), with: { title: 'b' }, receipt: { id: 2 } },
    { step: 'post.deliver', attempt: 1, key: keyOf(1), with: { title: 'as approved' }, receipt: { id: 1 } },
  ]);
  expect(effectsDelivered(state).map(effectName)).toEqual(Array(2).fill('Post (publish through shop)'));
  expect(effectsDelivered(state)[1]?.effect.compensate).toEqual(post.compensate);
  expect(effectsInDoubt(state)).toEqual([]);
});

test('a delivery that asks for what it needs, and not whether it was done, is not in doubt', () => {
  const options = [doubt.unsent, doubt.leave];
  const wait = { for: 'answer' as const, question: 'Where is the secret?', options };
  const paused: RunEvent = {
    type: 'step.waiting',
    step: 'post.deliver',
    attempt: 1,
    data: { input: {}, wait },
  };
  expect(doubtsAfter(...begun(1, 'a'), paused)).toEqual([]);
  expect(doubtsAfter(...begun(1, 'a'), asked(1))).toEqual([keyOf(1)]);
});

test('between its intent and its outcome an effect is in doubt, whatever ends or resets its step', () => {
  expect(doubtsAfter(...begun(1, 'a'))).toEqual([keyOf(1)]);
  expect(doubtsAfter(...begun(1, 'a'), stopped)).toEqual([keyOf(1)]);
  expect(doubtsAfter(...begun(1, 'a'), anew)).toEqual([keyOf(1)]);
  expect(doubtsAfter(...begun(1, 'a'), anew, ...begun(2, 'b'))).toEqual([keyOf(2), keyOf(1)]);
  expect(doubtsAfter(...begun(1, 'a'), asked(1), stopped)).toEqual([keyOf(1)]);
});

test('one that is being made by its step is told apart from one of which nobody hears any more', () => {
  const isSent = (...events: RunEvent[]) => {
    const state = stateAfter(...begun(1, 'a'), ...events);
    return effectsInDoubt(state).map((sending) => isUnderWay(state, sending));
  };
  expect(isSent()).toEqual([true]);
  expect(isSent(stopped)).toEqual([false]);
  expect(isSent(anew)).toEqual([false]);
});

test('a failure ends the doubt, unless it leaves it', () => {
  expect(doubtsAfter(...begun(1, 'a'), failed(1))).toEqual([]);
  expect(doubtsAfter(...begun(1, 'a'), failed(1, { inDoubt: true }))).toEqual([keyOf(1)]);
});

test('what the operator says of an effect in doubt is what is known of it', () => {
  const state = stateAfter(
    ...begun(1, 'a'),
    asked(1),
    completed(1, { key: keyOf(1) }, { answer: doubt.sent }),
  );
  expect(effectsDelivered(state)).toMatchObject([{ key: keyOf(1), with: { title: 'a' }, receipt: null }]);
  expect(effectsInDoubt(state)).toEqual([]);
  const denied: RunEvent = {
    type: 'step.retried',
    step: 'post.deliver',
    attempt: 1,
    data: { by: 'Ada', resets: ['post', 'post.deliver'] },
  };
  expect(doubtsAfter(...begun(1, 'a'), asked(1), denied)).toEqual([]);
  const left: RunEvent = {
    type: 'step.skipped',
    step: 'post.deliver',
    attempt: 1,
    data: { by: 'Ada', why: '' },
  };
  expect(doubtsAfter(...begun(1, 'a'), asked(1), left)).toEqual([keyOf(1)]);
});

test('another try of a step that has failed does not say that what may have left has not', () => {
  const retried: RunEvent = {
    type: 'step.retried',
    step: 'post.deliver',
    attempt: 1,
    data: { by: 'Ada', resets: ['post', 'post.deliver'] },
  };
  expect(doubtsAfter(...begun(1, 'a'), failed(1, { inDoubt: true }), retried)).toEqual([keyOf(1)]);
});

test('a step that was done by hand has sent nothing, and leaves in doubt what was', () => {
  const wait = {
    for: 'answer' as const,
    question: '?',
    options: ['It is done'],
    byHand: true,
  };
  const taken: RunEvent = {
    type: 'step.waiting',
    step: 'post.deliver',
    attempt: 1,
    data: { input: {}, wait },
  };
  const done = completed(1, {}, { answer: 'It is done', by: 'Ada' });
  const state = stateAfter(...begun(1, 'a'), failed(1, { inDoubt: true }), taken, done);
  expect(effectsDelivered(state)).toEqual([]);
  expect(effectsInDoubt(state).map(({ key }) => key)).toEqual([keyOf(1)]);
});

test('what comes of an attempt that its step waits for no more is noted, and ends the doubt where it does', () => {
  const state = stateAfter(...begun(1, 'a'), anew);
  const attempt = { number: 1, key: 'r/post.deliver/1', startedAtMs: 0, cost: noCost };
  const step = state.steps.get('post.deliver')?.step;
  if (!step) throw new Error('gone');
  const note = (outcome: Parameters<typeof noteOf>[2]) => noteOf(state, { step, attempt }, outcome);
  const sent = note({
    is: 'done',
    input: { key: keyOf(1), with: { title: 'a' } },
    output: { receipt: { id: 1 } },
    cost: noCost,
    sources: [],
  });
  const noted = { step: 'post.deliver', key: keyOf(1), with: { title: 'a' }, receipt: { id: 1 } };
  expect(sent).toEqual([{ type: 'effect.noted', data: noted }]);
  const refused = note({ is: 'failed', failure: someFailure, cost: noCost });
  expect(refused).toEqual([{ type: 'effect.unsent', data: { step: 'post.deliver', attempt: 1 } }]);
  const unsure = note({ is: 'failed', failure: someFailure, cost: noCost, inDoubt: true });
  expect(unsure).toEqual([{ type: 'effect.noted', data: { step: 'post.deliver', key: keyOf(1) } }]);
  expect(doubtsAfter(...begun(1, 'a'), anew, ...sent)).toEqual([]);
  expect(doubtsAfter(...begun(1, 'a'), anew, ...refused)).toEqual([]);
  expect(doubtsAfter(...begun(1, 'a'), anew, ...unsure)).toEqual([keyOf(1)]);
  expect(effectsDelivered(stateAfter(...begun(1, 'a'), anew, ...sent))).toMatchObject([
    { key: keyOf(1), receipt: { id: 1 } },
  ]);
});

test('a fork leaves to the other run what that may have sent', () => {
  const taken = [...postExpanded, ...begun(1, 'a')];
  const start = startOf([post]);
  const forked = { run: 'other', at: 9, records: taken.length };
  const fork = { ...start, data: { ...start.data, forked } } as RunEvent;
  const { state } = new RunFold('r', recorded([fork, ...taken]));
  expect(state && effectsInDoubt(state)).toEqual([]);
  const { state: own } = new RunFold('r', recorded([fork, ...taken, started('post.deliver', 2)]));
  expect(own && effectsInDoubt(own).map(({ attempt }) => attempt)).toEqual([2]);
});
