import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { take } from '../../test/contract/run-store-events.ts';
import { ManualClock } from '../base/clock.ts';
import type { Failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { JournalRecord, RunEvent } from '../contracts/journal.ts';
import type { RunLease, RunSnapshot, RunStore, Snapshots } from '../contracts/runs.ts';
import { openRunStore } from './run-store.ts';

const run = '20260105-loop-ab12';
const other = '20260105-other-0000';
const resumed = (by: string): RunEvent => ({ type: 'run.resumed', data: { by } });
const started = (step: string): RunEvent => ({ type: 'step.started', step, attempt: 1, data: { key: step } });
const texts = ['{"is":"whole"}', '"first"', '"zweiter – mit Umlaut: ü"', '""'];
const snapshotAt = (at: number): RunSnapshot => ({ at, texts: texts.map((text) => () => text) });
const textsOf = (snapshot: RunSnapshot | undefined) => snapshot?.texts.map((text) => text());
/** Enough to be worth a snapshot, with data in lines and in a blob. */
const long = [
  started('plan'),
  resumed('x'.repeat(9_000)),
  ...Array.from({ length: 1 + Math.ceil(limits.snapshotBytes / 3_000) }, (_, i) =>
    resumed(`${i}`.padEnd(3_000, 'y')),
  ),
];

let root: string;
let journal: string;
let file: string;
let store: RunStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-snapshot-'));
  journal = join(root, '.cairn', 'runs', run, 'journal.jsonl');
  file = join(root, '.cairn', 'runs', run, 'snapshot.jsonl');
  store = openRunStore(root, { clock: new ManualClock() });
  await store.create(run);
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A fold that knows nothing but the number of its last record. */
class Counting implements Snapshots {
  at = 0;
  readonly told: JournalRecord[] = [];
  snapshot: RunSnapshot | undefined;
  readonly keep = vi.fn(() => snapshotAt(this.at));

  apply(record: JournalRecord): void {
    this.at = record.n;
    this.told.push(record);
  }

  restore(snapshot: RunSnapshot): boolean {
    this.at = snapshot.at;
    this.snapshot = snapshot;
    return true;
  }
}

interface Executing {
  readonly fold: Counting;
  readonly lease: RunLease;
}

/** Takes a run as its executor does. */
async function execute(of = run, runs = store): Promise<Executing> {
  const fold = new Counting();
  const lease = await runs.lease(of, (one) => fold.apply(one), fold);
  if (lease === 'held') throw new Error('held');
  return { fold, lease };
}

/** Records as the engine does: folded at once, and on disk a moment later. */
async function append({ fold, lease }: Executing, events: readonly RunEvent[]): Promise<void> {
  const { records, onDisk } = lease.journal.enqueue(events);
  for (const one of records) fold.apply(one);
  await onDisk;
}

/** Records, and comes to rest; answers the number of the last record. */
async function record(events: readonly RunEvent[], of = run): Promise<number> {
  const executing = await execute(of);
  await append(executing, events);
  await executing.lease.release();
  return executing.fold.at;
}

/** Opens a run as its executor would; `snapshot` is what it went on from. */
async function reopen() {
  const { fold, lease } = await execute();
  await lease.release();
  return { told: fold.told, snapshot: fold.snapshot };
}

const all = async () => (await store.read(run)).records;

/** A run that goes on as if there had never been a snapshot. */
async function expectReadWhole(): Promise<void> {
  const { told, snapshot } = await reopen();
  expect(snapshot).toBeUndefined();
  expect(told).toEqual(await all());
}

describe('a snapshot of a run', () => {
  it('is gone on from: the next lease is given it, and what came later alone', async () => {
    const n = await record(long);
    const lease = await take(store, run);
    await lease.journal.append([resumed('Bo'), started('draft')]);
    await lease.release();
    const { told, snapshot } = await reopen();
    expect([snapshot?.at, textsOf(snapshot)]).toEqual([n, texts]);
    expect(told).toEqual((await all()).slice(n));
  });

  it('leaves numbers, causes and epochs as they would be without it', async () => {
    await record(long);
    const events: RunEvent[] = [started('plan'), resumed('Bo'), started('new')];
    await record(events);
    await rm(file);
    await record(events);
    const [first, second] = [(await all()).slice(-6, -3), (await all()).slice(-3)];
    const n = long.length;
    expect(first.map(({ n: own, epoch, cause }) => [own, epoch, cause])).toEqual([
      [n + 1, 2, [1]],
      [n + 2, 2, [n + 1]],
      [n + 3, 2, [n + 2]],
    ]);
    expect(second.map(({ n: own, epoch, cause }) => [own, epoch, cause])).toEqual([
      [n + 4, 3, [n + 1]],
      [n + 5, 3, [n + 4]],
      [n + 6, 3, [n + 3]],
    ]);
  });

  it('that its reader cannot make anything of is as if it were not there', async () => {
    await record(long);
    const fold = new Counting();
    const restore = vi.fn(() => false);
    const lease = await store.lease(run, (one) => fold.apply(one), { restore, keep: () => undefined });
    expect(restore).toHaveBeenCalledOnce();
    expect(fold.told).toEqual(await all());
    if (lease !== 'held') await lease.release();
    expect(await store.read(run, restore)).toEqual({ records: await all(), corrupt: undefined });
  });

  it('is what a reader goes on from that does not execute the run', async () => {
    const n = await record(long);
    const lease = await take(store, run);
    await lease.journal.append([resumed('Bo')]);
    const fold = new Counting();
    const { records, restored } = await store.read(run, (snapshot) => fold.restore(snapshot));
    expect([fold.at, textsOf(fold.snapshot), restored]).toEqual([n, texts, true]);
    expect(records).toEqual((await all()).slice(n));
  });

  it('is not made of a short journal, nor again before it has grown', async () => {
    await record([resumed('Ada')]);
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await record(long);
    await expectReadTo(1 + long.length);
    await record([resumed('Bo')]);
    await expectReadTo(1 + long.length);
    await record(long);
    await expectReadTo((await all()).length);
  });

  it('is made while the run is executed, when all that was recorded is on disk, and never of another record', async () => {
    const executing = await execute();
    const { fold, lease } = executing;
    await append(executing, filling(limits.snapshotBytes * 0.9));
    expect(fold.keep).not.toHaveBeenCalled();
    // Another append waits when the first is on disk.
    const first = append(executing, filling(limits.snapshotBytes * 0.2));
    await Promise.resolve();
    await Promise.resolve();
    const second = append(executing, [resumed('on its way')]);
    await first;
    expect(fold.keep).not.toHaveBeenCalled();
    await second;
    expect(fold.keep).toHaveBeenCalledOnce();
    const n = fold.at;
    await append(executing, [resumed('Cy')]);
    expect(fold.keep).toHaveBeenCalledOnce();
    await lease.release();
    await expectReadTo(n);
    expect(fold.keep).toHaveBeenCalledOnce();
  });

  it('is not made of a state that is not that of the last record', async () => {
    const { fold, lease } = await execute();
    await lease.journal.append(filling(limits.snapshotBytes * 1.1));
    await lease.release();
    expect(fold.keep).toHaveBeenCalled();
    await expectReadWhole();
  });

  it('is made the more seldom the longer the journal is, but for the one at rest', {
    timeout: 60_000,
  }, async () => {
    await record(filling((limits.snapshotBytes / limits.snapshotShare) * 1.15));
    const executing = await execute();
    await append(executing, filling(limits.snapshotBytes * 1.1));
    expect(executing.fold.keep).not.toHaveBeenCalled();
    await executing.lease.release();
    expect(executing.fold.keep).toHaveBeenCalledOnce();
    await expectReadTo(executing.fold.at);
  });

  it('that cannot be written is told of, and holds nothing up', async () => {
    const problems: Failure[] = [];
    const telling = openRunStore(root, { clock: new ManualClock(), onProblem: (one) => problems.push(one) });
    await mkdir(file);
    const executing = await execute(run, telling);
    await append(executing, long);
    await executing.lease.release();
    expect(problems).toMatchObject([{ code: 'file.failed' }]);
    await expectReadWhole();
  });
});

describe('a snapshot that does not fit', () => {
  it('since it is torn at any byte, is as if it were not there', async () => {
    await record(long);
    const whole = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (cut) => {
        await writeFile(file, whole.subarray(0, cut));
        await expectReadWhole();
      }),
      { numRuns: 25 },
    );
  });

  it('since any byte of it is changed, is as if it were not there', async () => {
    await record(long);
    const whole = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (at) => {
        const damaged = Buffer.from(whole);
        damaged[at] = damaged[at] === 0x23 ? 0x24 : 0x23;
        await writeFile(file, damaged);
        await expectReadWhole();
      }),
      { numRuns: 40 },
    );
  });

  it('since a later Cairn has written it, is as if it were not there', async () => {
    await record(long);
    const rest = (await readFile(file, 'utf8')).slice(9);
    const sealed = (text: string) => writeFile(file, `${crc32(text).toString(16).padStart(8, '0')}\n${text}`);
    await sealed(rest);
    await expectReadTo(long.length);
    await sealed(rest.replace('"format":1', '"format":2'));
    await expectReadWhole();
  });

  it('since it is of another run, is as if it were not there', async () => {
    await store.create(other);
    await record([...long, resumed('Ada')], other);
    await record([...long, resumed('Bo')]);
    await copyFile(file.replace(run, other), file);
    await expectReadWhole();
  });

  it('since the journal ends before it, is as if it were not there', async () => {
    await record(long);
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    await writeFile(journal, `${lines[0]}\n`);
    // The first line belongs together with those behind it: without them it was never acknowledged.
    await expectReadWhole();
    expect(await all()).toEqual([]);
  });

  it('since the journal is another one of the same length, is as if it were not there', async () => {
    await record(long);
    await rm(join(root, '.cairn', 'runs', run), { recursive: true });
    await store.create(run);
    const lease = await take(store, run);
    await lease.journal.append([started('pl4n'), ...long.slice(1)]);
    await lease.release();
    await expectReadWhole();
  });
});

describe('damage to a journal that has a snapshot', () => {
  it.each([
    ['before it', 0],
    ['behind it', 1],
  ])('%s is found, and named with its line, as without one', async (_where, place) => {
    await record(long);
    const kept = (await readFile(journal)).length;
    const lease = await take(store, run);
    for (let i = 0; i < 9; i += 1) await lease.journal.append([resumed('z'.repeat(100))]);
    await lease.release();
    const whole = await readFile(journal);
    const last = whole.lastIndexOf('\n', whole.length - 2);
    const range = place === 0 ? { min: 0, max: kept - 2 } : { min: kept, max: last - 1 };
    await fc.assert(
      fc.asyncProperty(fc.integer(range), async (at) => {
        const damaged = Buffer.from(whole);
        damaged[at] = damaged[at] === 0x23 ? 0x24 : 0x23;
        await writeFile(journal, damaged);
        const { corrupt } = await store.read(run);
        expect(corrupt?.code).toBe('journal.corrupt');
        await expect(reopen()).rejects.toMatchObject({
          failure: { code: 'journal.corrupt', at: corrupt?.at },
        });
        expect(damaged.equals(await readFile(journal))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each(['missing', 'damaged'])('is found when it is a blob that is %s', async (how) => {
    await record(long);
    const folder = join(root, '.cairn', 'runs', run, 'blobs');
    const [blob = ''] = await readdir(folder);
    if (how === 'missing') await rm(join(folder, blob));
    else await writeFile(join(folder, blob), (await readFile(join(folder, blob), 'utf8')).replace('x', 'y'));
    await expect(reopen()).rejects.toMatchObject({ failure: { code: 'journal.corrupt', at: { line: 2 } } });
  });

  it('at its torn end is cut, and what was whole is gone on with', async () => {
    const n = await record(long);
    const lease = await take(store, run);
    await lease.journal.append([resumed('Bo')]);
    await lease.release();
    await appendFile(journal, '{"v":1,"n":');
    const { told, snapshot } = await reopen();
    expect([snapshot?.at, told.map((one) => one.n)]).toEqual([n, [n + 1]]);
    await truncate(journal, (await readFile(journal)).length - 5);
    expect((await reopen()).told).toEqual([]);
    expect((await all()).length).toBe(n);
  });
});

describe('snapshots among processes', () => {
  it('one of a process that has lost the run is of what it had written, and hides nothing of the one behind it', async () => {
    const late = await execute();
    await append(late, long.slice(0, 2));
    await rm(join(root, '.cairn', 'runs', run, 'lock'), { recursive: true });
    const next = await take(store, run);
    await next.journal.append([resumed('Bo')]);
    await expect(append(late, [resumed('late')])).rejects.toMatchObject({
      failure: { code: 'journal.fenced' },
    });
    await late.lease.release();
    await next.release();
    await expectReadWhole();
  });
});

/** Events of so many bytes and a little more, none of them in a blob. */
function filling(bytes: number): RunEvent[] {
  return Array.from({ length: Math.ceil(bytes / 3_000) }, () => resumed('f'.repeat(3_000)));
}

async function expectReadTo(n: number): Promise<void> {
  const { told, snapshot } = await reopen();
  expect(snapshot?.at).toBe(n);
  expect(told).toEqual((await all()).slice(n));
}
