import { rename, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunReader } from '../../src/app/run-reader.ts';
import { systemClock } from '../../src/base/clock.ts';
import { limits } from '../../src/base/limits.ts';
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
const whole = await withoutSnapshot();
const { ms, memoryMb } = await recover();
const followMs = await follow();
console.log(
  JSON.stringify({
    steps: task.events,
    ms,
    followMs,
    memoryMb,
    wholeMs: whole.ms,
    wholeMb: whole.memoryMb,
    parseMs,
  }),
);

/**
 * Written by two processes, the second of which keeps no snapshot: behind the one that the first kept comes as much as
 * a process may record before it keeps another one, and is killed.
 */
async function write(): Promise<void> {
  await store.create(run);
  const steps = Math.ceil(task.events / eventsOf(0).length);
  const all = [chainStarted(steps), ...Array.from({ length: steps }, (_, i) => eventsOf(i)).flat()];
  const kept = Math.floor(task.events / (1 + limits.snapshotShare));
  const fold = new RunFold(run);
  await record(all.slice(0, kept), fold);
  await record(all.slice(kept, task.events));
}

async function record(events: readonly RunEvent[], fold?: RunFold): Promise<void> {
  const lease = await store.lease(run, undefined, fold);
  if (lease === 'held') throw new Error(`${run} is held`);
  for (let at = 0; at < events.length; at += batch) {
    const { records, onDisk } = lease.journal.enqueue(events.slice(at, at + batch));
    for (const one of records) fold?.apply(one);
    await onDisk;
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

/** What recovery takes when the snapshot was deleted; it is put back afterwards. */
async function withoutSnapshot() {
  const path = join(task.folder, '.cairn', 'runs', run, 'snapshot.jsonl');
  await rename(path, `${path}.aside`);
  const recovered = await recover();
  await rename(`${path}.aside`, path);
  return recovered;
}

/** Milliseconds from the files to a run that can be gone on with, and the memory that its state holds. */
async function recover(): Promise<{ readonly ms: number; readonly memoryMb: number }> {
  const before = memory();
  const startMs = performance.now();
  const fold = new RunFold(run);
  const lease = await store.lease(run, (record) => fold.apply(record), {
    restore: (snapshot) => fold.restore(snapshot),
    keep: () => undefined,
  });
  const ms = performance.now() - startMs;
  if (lease === 'held' || fold.state?.at !== task.events) throw new Error('The journal is not whole');
  await lease.release();
  return { ms, memoryMb: (memory() - before) / 2 ** 20 };
}

/** Milliseconds from the files to a state that can be looked at, for a process that does not execute the run. */
async function follow(): Promise<number> {
  const startMs = performance.now();
  const { state } = await new RunReader(store).read(run);
  if (state.at !== task.events) throw new Error('The journal is not whole');
  return performance.now() - startMs;
}

/** Bytes that are held, on the heap and in buffers beside it: parts of a snapshot that nobody asked for lie there. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
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
