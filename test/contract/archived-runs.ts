import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completed, failure, resumed, retry, run, stop, take } from './run-store-events.ts';
import type { RunArchive } from '../../src/contracts/archive.ts';
import type { RunEvent } from '../../src/contracts/journal.ts';
import type { RunStore } from '../../src/contracts/runs.ts';

export interface ArchivedRunsUnderTest {
  readonly store: RunStore;
  readonly archive: RunArchive;
  /** Deletes a run's folder, as by hand. */
  dropFolder(run: string): Promise<void>;
  close(): Promise<void>;
}

const other = '20260106-content-loop-zz99';
const atMs = Date.UTC(2026, 0, 5, 9);
const large = resumed('Grüße 🪨 '.repeat(2_000));

/** What every archive of runs has to do, and every store that reads from one. */
export function describeArchivedRuns(name: string, open: () => Promise<ArchivedRunsUnderTest>): void {
  describe(`archived runs (${name})`, () => {
    let at: ArchivedRunsUnderTest;
    beforeEach(async () => {
      at = await open();
    });
    afterEach(() => at.close());

    describe('that are read', () => describeReading(() => at));
    describe('that are archived again', () => describeKeeping(() => at));
    describe('that are restored or forgotten', () => describeComing(() => at));
  });
}

/** Records something of a run, and archives it under the lease. */
async function record({ store, archive }: ArchivedRunsUnderTest, of: string, events: readonly RunEvent[]) {
  await store.create(of);
  const lease = await take(store, of);
  try {
    await lease.journal.append(events);
    return await archive.keep(of, atMs);
  } finally {
    await lease.release();
  }
}

function describeReading(at: () => ArchivedRunsUnderTest): void {
  it('are what they were, and say that they are archived', async () => {
    await record(at(), run, [resumed('Ada'), large, completed]);
    const before = await at().store.read(run);
    expect(before.archived).toBeUndefined();
    await at().dropFolder(run);
    expect(await at().store.read(run)).toEqual({ ...before, archived: true });
    expect(await at().archive.recordedAtMs(run)).toBe(atMs);
  });

  it('are listed with the others, newest first', async () => {
    await record(at(), run, [completed]);
    await at().store.create(other);
    expect(await at().store.list()).toEqual([other, run]);
    await at().dropFolder(run);
    expect(await at().store.list()).toEqual([other, run]);
    expect(await at().archive.list()).toEqual(new Set([run]));
  });

  it('have another stamp than their folder had, the same until they are archived anew', async () => {
    await record(at(), run, [completed]);
    const here = await at().store.stamp(run);
    await at().dropFolder(run);
    const archived = await at().store.stamp(run);
    expect(archived).not.toBe(here);
    expect(await at().store.stamp(run)).toBe(archived);
  });

  it('take no order and no lease, and say how to bring them back', async () => {
    await record(at(), run, [completed]);
    await at().dropFolder(run);
    const refused = failure('run.archived');
    await expect(at().store.lease(run)).rejects.toMatchObject(refused);
    for (const order of [retry('01A'), stop('01B')])
      await expect(at().store.order(run, order)).rejects.toMatchObject(refused);
    await expect(at().store.lease(run)).rejects.toThrow(/archived/);
    expect(await at().store.isHeld(run)).toBe(false);
    expect(await at().store.orders(run)).toEqual([]);
    await at().store.acknowledge(run, '01A');
  });

  it('keep their id: no new run gets it', async () => {
    await record(at(), run, [completed]);
    await at().dropFolder(run);
    expect(await at().store.create(run)).toBe(false);
  });

  it('are not known without an archive', async () => {
    await at().store.create(run);
    await at().dropFolder(run);
    for (const ask of [
      () => at().store.read(run),
      () => at().store.lease(run),
      () => at().archive.stamp(run),
    ])
      await expect(ask()).rejects.toMatchObject(failure('run.missing'));
  });
}

function describeKeeping(at: () => ArchivedRunsUnderTest): void {
  it('stay the same when nothing was recorded', async () => {
    expect(await record(at(), run, [completed])).toBe('kept');
    const stamp = await at().archive.stamp(run);
    expect(await record(at(), run, [])).toBe('unchanged');
    expect(await at().archive.stamp(run)).toBe(stamp);
  });

  it('are none before they are archived', async () => {
    await at().store.create(run);
    expect(await at().archive.compare(run)).toBe('none');
  });

  it('have what was recorded since', async () => {
    await record(at(), run, [resumed('Ada')]);
    expect(await at().archive.compare(run)).toBe('same');
    const lease = await take(at().store, run);
    await lease.journal.append([large]);
    await lease.release();
    expect(await at().archive.compare(run)).toBe('behind');
    expect(await record(at(), run, [completed])).toBe('kept');
    const { records } = await at().store.read(run);
    await at().dropFolder(run);
    expect((await at().store.read(run)).records).toEqual(records);
    expect(await at().archive.compare(run)).toBe('ahead');
  });
}

function describeComing(at: () => ArchivedRunsUnderTest): void {
  it('go on when they have been restored', async () => {
    await record(at(), run, [large, completed]);
    const { records } = await at().store.read(run);
    await at().dropFolder(run);
    expect(await at().archive.restore(run)).toBe(true);
    expect(await at().store.read(run)).toMatchObject({ records });
    expect((await at().store.read(run)).archived).toBeUndefined();
    await at().store.order(run, retry('01A'));
    expect(await at().store.orders(run)).toHaveLength(1);
    expect(await record(at(), run, [resumed('Bo')])).toBe('kept');
  });

  it('are not restored over a folder that is here', async () => {
    await record(at(), run, [completed]);
    expect(await at().archive.restore(run)).toBe(false);
  });

  it('are gone for good once they are forgotten', async () => {
    await record(at(), run, [completed]);
    await record(at(), other, [completed]);
    await at().dropFolder(run);
    await at().archive.forget(run);
    expect(await at().store.list()).toEqual([other]);
    await expect(at().archive.restore(run)).rejects.toMatchObject(failure('run.missing'));
    await at().archive.forget(run);
  });
}
