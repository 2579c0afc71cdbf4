import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { RunStore } from '../../src/contracts/runs.ts';
import { executeRun } from '../../src/engine/execution.ts';
import { RunFold } from '../../src/engine/fold.ts';
import type { Workshop } from '../../src/engine/ports.ts';
import { openRunStore } from '../../src/workspace/run-store.ts';
import { chainStarted } from './chain.ts';

/** What is to be measured: `runs` at once, each of so many steps one after the other, kept in `folder`. */
interface Task {
  readonly folder: string;
  readonly runs: number;
  readonly steps: number;
}

/** Share of a run's steps that its beginning and its end are. */
const END = 0.1;
/** Steps before the clock starts, as every contestant makes them. */
const WARM_UP = 1_000;

const task = JSON.parse(process.argv[2] ?? '{}') as Task;
const store = openRunStore(task.folder, { clock: systemClock });
await complete(await started('warm-up', WARM_UP));
const runs = await Promise.all(
  Array.from({ length: task.runs }, (_, i) =>
    started(`20260105-chain-${String(i).padStart(4, '0')}`, task.steps),
  ),
);
const startMs = performance.now();
const stamps = await Promise.all(runs.map(complete));
const ms = performance.now() - startMs;
for (const run of runs) await expectWhole(store, run, task.steps);
const steps = task.runs * task.steps;
console.log(JSON.stringify({ steps, ms, ...(task.runs === 1 ? endsOf(stamps[0] ?? []) : {}) }));

/** A run of a chain that is journaled as started, and nothing more. */
async function started(run: string, length: number): Promise<string> {
  await store.create(run);
  const lease = await store.lease(run);
  if (lease === 'held') throw new Error(`${run} is held`);
  await lease.journal.append([chainStarted(length)]);
  await lease.release();
  return run;
}

/** Executes a run to its end; when each of its steps was made. */
async function complete(run: string): Promise<readonly number[]> {
  const fold = new RunFold(run);
  const lease = await store.lease(run, (record) => fold.apply(record));
  if (lease === 'held') throw new Error(`${run} is held`);
  const made: number[] = [];
  await executeRun(
    {
      clock: systemClock,
      random: systemRandom,
      journal: lease.journal,
      workshop: counting(made),
      orders: {
        pending: () => store.orders(run),
        acknowledge: (order) => store.acknowledge(run, order),
        onChange: (listener) => store.onOrder(run, listener),
      },
      sleepUntil: () => Promise.resolve(),
    },
    { fold, signal: new AbortController().signal },
  );
  await lease.release();
  return made;
}

function counting(made: number[]): Workshop {
  const never = () => Promise.reject(new Error('A chain has no proposals'));
  return {
    perform: () => {
      made.push(performance.now());
      return Promise.resolve({
        is: 'done',
        input: {},
        output: { count: made.length },
        cost: noCost,
        sources: [],
      });
    },
    askPolicy: () => ({ then: 'ask', why: '' }),
    prepareApply: never,
    completeApply: never,
    recoverApply: never,
  };
}

async function expectWhole(runStore: RunStore, run: string, length: number): Promise<void> {
  const { records } = await runStore.read(run);
  const { state } = new RunFold(run, records);
  const completed = records.filter(({ event }) => event.type === 'step.completed').length;
  if (state?.status.is !== 'succeeded' || completed !== length) throw new Error(`${run} is not whole`);
}

/** Milliseconds that a step took at the run's beginning and at its end. */
function endsOf(made: readonly number[]): { readonly firstMs: number; readonly lastMs: number } {
  const few = Math.max(1, Math.floor(made.length * END));
  const between = (from: number, to: number) => ((made[to] ?? 0) - (made[from] ?? 0)) / (to - from);
  return { firstMs: between(0, few), lastMs: between(made.length - 1 - few, made.length - 1) };
}
