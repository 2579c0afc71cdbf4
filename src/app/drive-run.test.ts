import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { driveRun } from './drive-run.ts';
import type { Ports } from './ports.ts';
import { RunReader } from './run-reader.ts';
import { startOf } from '../../test/fixtures/recorded-run.ts';
import { systemClock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { seededRandom } from '../base/random.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { RunStore } from '../contracts/runs.ts';
import type { Step } from '../contracts/workflow.ts';
import { RunFold } from '../engine/fold.ts';
import { openRunStore } from '../workspace/run-store.ts';

const run = '20260105-loop-ab12';
const { signal } = new AbortController();
/** What each step hands on: so much that it stays in its journal line. */
const text = 'y'.repeat(3_500);
const steps = Array.from({ length: 1 + Math.ceil((limits.snapshotBytes * 1.2) / text.length) }, (_, i) =>
  step(i),
);

let root: string;
let store: RunStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-drive-'));
  store = openRunStore(root, { clock: systemClock });
  await store.create(run);
  const lease = await store.lease(run);
  if (lease === 'held') throw new Error('held');
  await lease.journal.append([startOf(steps)]);
  await lease.release();
});
afterEach(() => rm(root, { recursive: true, force: true }));

function step(place: number): Step {
  return {
    kind: 'connector',
    id: `s${place}`,
    name: `Step ${place}`,
    needs: place === 0 ? [] : [`s${place - 1}`],
    timeoutMs: 60_000,
    maxAttempts: 1,
    connector: 'inbox',
    operation: 'items',
    with: {},
  };
}

/** How many snapshots there are: one or none. */
const snapshots = async () =>
  (await readdir(join(root, '.cairn', 'runs', run))).filter((name) => name === 'snapshot.jsonl').length;

const nothing = async () => undefined;

/** A company of one connector. `read` hears of each of its reads. */
function portsOf(runs: RunStore, read: () => Promise<void>): Ports {
  const item = { id: 'a', title: 'A', text, uri: 'inbox/a.md', fields: {} };
  return {
    runs,
    clock: systemClock,
    archive: { keep: nothing },
    random: seededRandom(1),
    log: (line: string) => {
      throw new Error(line);
    },
    files: { readText: async () => 'type: file-drop\nfolder: inbox\n' },
    connect: (id: string) => ({
      id,
      operations: ['items'],
      read: async () => {
        await read();
        return { items: [item], problems: [] };
      },
    }),
  } as unknown as Ports;
}

test('a long run is kept in a snapshot while it is executed, and gone on with and looked at from there', {
  timeout: 60_000,
}, async () => {
  const found: number[] = [];
  const driven = await driveRun(
    portsOf(store, async () => void found.push(await snapshots())),
    run,
    signal,
  );
  expect(driven).toBe('ended');
  expect([found[0], found.at(-1)]).toEqual([0, 1]);

  const { records } = await store.read(run);
  const whole = new RunFold(run, records).state;
  const told: JournalRecord[] = [];
  const again = openRunStore(root, { clock: systemClock });
  const lease = vi.spyOn(again, 'lease').mockImplementation((of, onRecord, fold) => {
    const heard = (record: JournalRecord) => {
      told.push(record);
      onRecord?.(record);
    };
    return store.lease(of, heard, fold);
  });
  expect(await driveRun(portsOf(again, nothing), run, signal)).toBe('ended');
  expect(lease).toHaveBeenCalledOnce();
  expect(told.length).toBeLessThan(records.length / 2);
  expect(told).toEqual(records.slice(records.length - told.length));

  const reader = new RunReader(store);
  const read = vi.spyOn(store, 'read');
  const { state } = await reader.read(run);
  expect((await read.mock.results[0]?.value)?.records).toEqual(told);
  expect(state).toEqual(whole);
  expect(state.status.is).toBe('succeeded');
  expect((await reader.readWhole(run)).records).toEqual(records);
});
