import { expect, test } from 'vitest';
import { turns } from './turns.ts';
import { startOf } from '../fixtures/recorded-run.ts';
import { ManualClock } from '../../src/base/clock.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { Step } from '../../src/contracts/workflow.ts';
import { executeRun } from '../../src/engine/execution.ts';
import { RunFold } from '../../src/engine/fold.ts';
import type { StepOutcome, StepTask, Workshop } from '../../src/engine/ports.ts';
import { memoryRunStore } from '../../src/workspace/memory-run-store.ts';

const run = '20260105-delivers-ab12';
const common = (id: string, ...needs: string[]) => {
  return { id, name: id, needs, timeoutMs: 60_000, maxAttempts: 3 };
};
/** The check finds the draft wanting while what was made of it is being sent. */
const steps: Step[] = [
  { ...common('draft'), kind: 'connector', connector: 'c', operation: 'o', with: {} },
  { ...common('send', 'draft'), kind: 'deliver', connector: 'c', operation: 'o', composedBy: 'draft' },
  { ...common('check', 'draft'), kind: 'check', rules: [], onFail: { revise: 'draft', max: 1 } },
];

const done: StepOutcome = { is: 'done', input: {}, output: {}, cost: noCost, sources: [] };
const wanting: StepOutcome = {
  is: 'wanting',
  feedback: { from: 'check', text: 'wanting', findings: [] },
  failure: { code: 'check.failed', message: 'wanting', retry: 'operator' },
  cost: noCost,
};
const sent: StepOutcome = { ...done, input: { key: 'mail' }, output: { receipt: 'r1' } };

test('P3: what is being sent comes to its end before its step, begun anew, sends again, and that knows of it', async () => {
  let endFirst: (outcome: StepOutcome) => void = () => undefined;
  const sends: StepTask[] = [];
  const signals: AbortSignal[] = [];
  const perform: Workshop['perform'] = async ({ step, attempt, ...task }, signal) => {
    if (step.kind === 'check') return attempt.number === 1 ? wanting : done;
    if (step.kind !== 'deliver') return done;
    sends.push({ ...task, step, attempt });
    signals.push(signal);
    return sends.length > 1 ? sent : new Promise((resolve) => (endFirst = resolve));
  };
  const { executed, types } = await begin(perform);
  await turns(20);
  expect(await types()).toContain('step.sent-back');
  expect(await types('send')).toEqual(['step.started', 'step.started']);
  expect(sends).toHaveLength(1);
  expect(signals[0]?.aborted).toBe(false);
  endFirst(sent);
  expect(await executed).toBe('ended');
  expect(sends.map(({ attempt }) => attempt.number)).toEqual([1, 2]);
  expect(sends[1]?.state.delivered).toEqual(new Map([['mail', 'r1']]));
  expect((await types()).filter((type) => type === 'effect.noted')).toHaveLength(1);
});

/** Starts a run of the steps, and a process that executes it. */
async function begin(perform: Workshop['perform']) {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  await store.create(run);
  const fold = new RunFold(run);
  const lease = await store.lease(run);
  if (lease === 'held') throw new Error('The lease is held');
  for (const record of await lease.journal.append([startOf(steps)])) fold.apply(record);
  const never = () => Promise.reject(new Error('Nothing is applied'));
  const workshop: Workshop = {
    perform,
    askPolicy: () => ({ then: 'ask', why: '' }),
    prepareApply: never,
    completeApply: never,
    recoverApply: never,
  };
  const orders = {
    pending: async () => [],
    acknowledge: async () => undefined,
    onChange: () => ({ dispose: () => undefined }),
  };
  const sleepUntil = async (atMs: number) => clock.advance(Math.max(0, atMs - clock.now()));
  const executed = executeRun(
    { clock, random: { next: () => 0 }, journal: lease.journal, workshop, orders, sleepUntil },
    { fold, signal: new AbortController().signal },
  );
  const types = async (step?: string) =>
    (await store.read(run)).records.flatMap(({ event }) =>
      step === undefined || ('step' in event && event.step === step) ? event.type : [],
    );
  return { executed, types };
}
