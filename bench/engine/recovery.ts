import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type { RunEvent } from '../../src/contracts/journal.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import { RunFold } from '../../src/engine/fold.ts';
import { openRunStore } from '../../src/workspace/run-store.ts';
import { chainStarted } from './chain.ts';

/** A run of so many events is written to `folder`, then read from there, which is measured. */
interface Task {
  readonly folder: string;
  readonly events: number;
}

const run = '20260105-chain-0000';
const batch = 1_000;
const failure = {
  code: 'model.unavailable',
  message: 'The model cannot be reached.',
  retry: 'later',
} as const;

const task = JSON.parse(process.argv[2] ?? '{}') as Task;
const store = openRunStore(task.folder, { clock: systemClock });
await write();
const parseMs = await parseLines();
const { ms, heapMb } = await recover();
console.log(JSON.stringify({ steps: task.events, ms, parseMs, heapMb }));

async function write(): Promise<void> {
  await store.create(run);
  const lease = await store.lease(run);
  if (lease === 'held') throw new Error(`${run} is held`);
  const steps = Math.ceil(task.events / eventsOf(0).length);
  const events = [chainStarted(steps), ...Array.from({ length: steps }, (_, i) => eventsOf(i)).flat()];
  for (let at = 0; at < task.events; at += batch) {
    await lease.journal.append(events.slice(at, Math.min(at + batch, task.events)));
  }
  await lease.release();
}

/** Milliseconds that the lines take as mere JSON: the floor of any reader. */
async function parseLines(): Promise<number> {
  const text = await readFile(join(task.folder, '.cairn', 'runs', run, 'journal.jsonl'), 'utf8');
  const startMs = performance.now();
  for (const line of text.trimEnd().split('\n')) JSON.parse(line);
  return performance.now() - startMs;
}

/** Milliseconds from the file to a run that can be gone on with, and the memory that its state holds. */
async function recover(): Promise<{ readonly ms: number; readonly heapMb: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const startMs = performance.now();
  const fold = new RunFold(run);
  const lease = await store.lease(run, (record) => fold.apply(record));
  const ms = performance.now() - startMs;
  if (lease === 'held' || fold.state?.at !== task.events) throw new Error('The journal is not whole');
  await lease.release();
  globalThis.gc?.();
  return { ms, heapMb: (process.memoryUsage().heapUsed - before) / 2 ** 20 };
}

/** A step that succeeds at its fifth try. */
function eventsOf(place: number): RunEvent[] {
  const step = `s${place}`;
  const started = (attempt: number): RunEvent => {
    return { type: 'step.started', step, attempt, data: { key: `${run}/${step}/${attempt}` } };
  };
  const failed = (attempt: number): RunEvent => {
    return { type: 'step.failed', step, attempt, data: { failure, cost: noCost, retryAtMs: attempt } };
  };
  const data = { input: {}, output: { count: place }, cost: noCost, sources: [] };
  return [
    ...[1, 2, 3, 4].flatMap((attempt) => [started(attempt), failed(attempt)]),
    started(5),
    { type: 'step.completed', step, attempt: 5, data },
  ];
}
