import { expect, test } from 'vitest';
import { turns } from './turns.ts';
import { proposalVersion, startOf } from '../fixtures/recorded-run.ts';
import { ManualClock } from '../../src/base/clock.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { Attempt } from '../../src/contracts/run.ts';
import type { Step } from '../../src/contracts/workflow.ts';
import { approvedVersion } from '../../src/engine/application.ts';
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
  { ...common('send', 'draft'), kind: 'effect', outgoing: { connector: 'c', operation: 'o', with: {} } },
  { ...common('check', 'draft'), kind: 'check', rules: [], onFail: { revise: 'draft', max: 1 } },
];

const done = { is: 'done', input: {}, output: {}, cost: noCost, sources: [] } as const;
const wanting: StepOutcome = {
  is: 'wanting',
  feedback: { from: 'check', text: 'wanting', findings: [] },
  failure: { code: 'check.failed', message: 'wanting', retry: 'operator' },
  cost: noCost,
};

/** Each time another mail. */
function composed({ slot }: Attempt): StepOutcome {
  const { n = 1, version = 1 } = slot ?? {};
  const files = [{ path: 'mail.md', kind: 'added', added: 1, removed: 0, binary: false } as const];
  return {
    ...done,
    proposal: proposalVersion({ n, version, commit: commitOf(n), files }),
  };
}

/** The key is that of the proposal's commit. */
function sent(n: number): StepOutcome {
  const key = `${run}/send/${commitOf(n).slice(0, 16)}`;
  return { ...done, input: { key }, output: { receipt: `r${n}` } };
}

function commitOf(n: number): string {
  return `${n}`.padEnd(40, '0');
}

test('P3: what is being sent comes to its end before its step, begun anew, sends again, and that knows of it', async () => {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let endFirst: (outcome: StepOutcome) => void = () => undefined;
  const sends: StepTask[] = [];
  const signals: AbortSignal[] = [];
  /** What had left when each was begun. */
  const known: string[][] = [];
  const perform: Workshop['perform'] = async ({ step, attempt, ...task }, signal) => {
    if (step.kind === 'check') return attempt.number === 1 ? begun.then(() => wanting) : done;
    if (step.kind === 'effect') return { is: 'expanded', input: {}, parts: [{ id: 'send' }] };
    if (step.kind === 'compose') return composed(attempt);
    if (step.kind !== 'deliver') return done;
    sends.push({ ...task, step, attempt });
    signals.push(signal);
    known.push([...task.state.delivered.keys()]);
    begin();
    return sends.length > 1 ? sent(2) : new Promise((resolve) => (endFirst = resolve));
  };
  const { executed, types } = await execute(perform);
  await turns(40);
  expect(await types()).toContain('step.sent-back');
  expect(await types('send.deliver')).toEqual(['step.started', 'step.started']);
  expect(sends).toHaveLength(1);
  expect(signals[0]?.aborted).toBe(false);
  endFirst(sent(1));
  expect(await executed).toBe('ended');
  expect(sends.map(({ attempt }) => attempt.number)).toEqual([1, 2]);
  expect(known).toEqual([[], [`${run}/send/${commitOf(1).slice(0, 16)}`]]);
  expect((await types()).filter((type) => type === 'effect.noted')).toHaveLength(1);
});

/** Starts a run of the steps, and a process that executes it. */
async function execute(perform: Workshop['perform']) {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  await store.create(run);
  const fold = new RunFold(run);
  const lease = await store.lease(run);
  if (lease === 'held') throw new Error('The lease is held');
  for (const record of await lease.journal.append([startOf(steps)])) fold.apply(record);
  const workshop: Workshop = {
    perform,
    askPolicy: () => ({ then: 'allow', why: 'So it is written.' }),
    prepareApply: async (_state, proposal) => {
      const { commit } = approvedVersion(proposal);
      return { commit, head: commit, branch: 'refs/heads/main', paths: [] };
    },
    completeApply: async () => undefined,
    recoverApply: async () => false,
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
