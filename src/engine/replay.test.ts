import { expect, it } from 'vitest';
import { replayRun } from './replay.ts';
import type { JournalRecord, RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Step } from '../contracts/workflow.ts';
import { atSecond, recorded, startOf } from '../../test/fixtures/recorded-run.ts';

const step = (id: string, ...needs: string[]): Step => ({
  kind: 'connector',
  id,
  name: id,
  needs,
  timeoutMs: 60_000,
  maxAttempts: 3,
  connector: 'c',
  operation: 'o',
  with: {},
});
const begins = (id: string, attempt = 1): RunEvent => ({
  type: 'step.started',
  step: id,
  attempt,
  data: { key: `r/${id}/${attempt}` },
});
const ends = (id: string, attempt = 1): RunEvent => ({
  type: 'step.completed',
  step: id,
  attempt,
  data: { input: {}, output: {}, cost: noCost, sources: [] },
});
const fails = (id: string, retryAtMs?: number): RunEvent => ({
  type: 'step.failed',
  step: id,
  attempt: 1,
  data: {
    failure: { code: 'model.unavailable', message: 'down', retry: 'later' },
    cost: noCost,
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
  },
});
const done: RunEvent = { type: 'run.completed', data: {} };

/** A journal: the start by the process that was asked, then the records of others, each from its second on. */
function journal(steps: readonly Step[], ...processes: readonly (readonly RunEvent[])[]): JournalRecord[] {
  const epochs = [[startOf(steps)], ...processes].flatMap((events, index) => events.map(() => index + 1));
  return recorded([startOf(steps), ...processes.flat()]).map((one, at) => ({
    ...one,
    epoch: epochs[at] ?? 1,
  }));
}

const replay = (records: readonly JournalRecord[]) =>
  replayRun('r', records, {
    askPolicy: () => ({ then: 'ask', why: '' }),
    idle: () => new Promise((resolve) => setImmediate(resolve)),
  });
const two = [step('a'), step('b', 'a')];

it('finds nothing in what the engine makes again', async () => {
  const records = journal(two, [begins('a'), ends('a'), begins('b'), ends('b'), done]);
  expect(await replay(records)).toEqual({ is: 'same', records: 6 });
});

it('makes an attempt again that another process has left', async () => {
  const resumed: RunEvent = { type: 'run.resumed', data: { by: 'Bo' } };
  expect(await replay(journal(two, [begins('a')], [resumed, ends('a'), begins('b')]))).toMatchObject({
    is: 'same',
  });
});

it('hears of outcomes in the order in which they came', async () => {
  const apart = [step('a'), step('b')];
  for (const order of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const records = journal(apart, [begins('a'), begins('b'), ...order.map((id) => ends(id)), done]);
    expect(await replay(records)).toMatchObject({ is: 'same' });
  }
});

it('takes the record’s word for when a step is tried again, and not for whether', async () => {
  // Its clock has been set back before it was tried again in the second case.
  for (const second of [2.5, 30]) {
    const retried = [
      begins('a'),
      fails('a', atSecond(second)),
      begins('a', 2),
      ends('a', 2),
      begins('b'),
      ends('b'),
    ];
    expect(await replay(journal(two, [...retried, done]))).toMatchObject({ is: 'same' });
  }
  expect(await replay(journal(two, [begins('a'), fails('a')]))).toMatchObject({ is: 'different', n: 3 });
});

it('names the first record that the engine does not make, and what it makes instead', async () => {
  const records = journal(two, [begins('a'), ends('a'), done]);
  expect(await replay(records)).toEqual({ is: 'different', n: 4, expected: done, actual: begins('b') });
});

it('finds an outcome that nobody was asked for', async () => {
  const records = journal(two, [begins('a'), ends('b')]);
  expect(await replay(records)).toEqual({ is: 'different', n: 3, expected: ends('b') });
});

it('finds a decision on what does not exist', async () => {
  const data = {
    n: 7,
    version: 1,
    commit: 'a'.repeat(40),
    verdict: 'approve',
    by: 'operator',
    who: 'Ada',
  } as const;
  const records = journal(two, [begins('a'), { type: 'decision.made', data }]);
  const actual: RunEvent = {
    type: 'decision.refused',
    data: { n: 7, version: 1, why: 'there is no such proposal' },
  };
  expect(await replay(records)).toMatchObject({ is: 'different', n: 3, actual });
});

it('finds a part of what was recorded together', async () => {
  const gate: Step = {
    kind: 'gate',
    id: 'g',
    name: 'g',
    needs: [],
    timeoutMs: 1,
    maxAttempts: 1,
    question: '?',
  };
  const opened: RunEvent = {
    type: 'gate.opened',
    step: 'g',
    attempt: 1,
    data: { question: '?', proposals: [] },
  };
  expect(await replay(journal([gate], [begins('g')]))).toEqual({ is: 'different', n: 3, actual: opened });
});

it('is content with a journal that ends early: what the process died with is not in it', async () => {
  const records = journal(two, [begins('a'), ends('a'), begins('b'), ends('b'), done]);
  for (let count = 1; count < records.length; count += 1) {
    expect(await replay(records.slice(0, count))).toEqual({ is: 'same', records: count });
  }
});

it('begins behind what a fork has taken over', async () => {
  const [start, ...others] = journal(two, [begins('b'), ends('b'), done]);
  const forked = { run: 'o', at: 3, records: 2 };
  if (start?.event.type !== 'run.started') throw new Error('It does not start');
  const data = { ...start.event.data, forked };
  const old = recorded([begins('a'), ends('a')]).map((one) => ({
    ...one,
    event: JSON.parse(JSON.stringify(one.event).replaceAll('r/a', 'o/a')) as RunEvent,
  }));
  const records = [{ ...start, event: { ...start.event, data } }, ...old, ...others];
  expect(await replay(records.map((one, at) => ({ ...one, n: at + 1 })))).toEqual({ is: 'same', records: 6 });
});
