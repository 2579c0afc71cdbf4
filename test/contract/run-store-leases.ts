import { expect, it } from 'vitest';
import { completed, failure, resumed, run, take } from './run-store-events.ts';
import type { JournalRecord } from '../../src/contracts/journal.ts';
import type { RunStore } from '../../src/contracts/runs.ts';

/** One process at a time executes a run. */
export function describeLeases(at: () => RunStore): void {
  it('gives a run to one at a time', async () => {
    await at().create(run);
    const lease = await take(at(), run);
    expect(await at().lease(run)).toBe('held');
    await lease.release();
    await take(at(), run);
  });

  it('lets exactly one of many takers win', async () => {
    await at().create(run);
    const taken = await Promise.all(Array.from({ length: 12 }, () => at().lease(run)));
    const winners = taken.filter((lease) => lease !== 'held');
    expect(winners).toHaveLength(1);
    await winners[0]?.release();
  });

  it('goes on with the next number and a higher epoch', async () => {
    await at().create(run);
    const first = await take(at(), run);
    await first.journal.append([resumed('Ada'), resumed('Bo')]);
    await first.release();
    const second = await take(at(), run);
    const [record] = await second.journal.append([resumed('Cy')]);
    expect([record?.n, record?.epoch, second.epoch]).toEqual([3, 2, 2]);
  });

  it('hands the journal over, record by record, to whoever takes the run', async () => {
    await at().create(run);
    const first = await take(at(), run);
    await first.journal.append([resumed('Ada'), resumed('Bo')]);
    await first.release();
    const handed: JournalRecord[] = [];
    const second = await at().lease(run, (record) => handed.push(record));
    expect(handed).toEqual((await at().read(run)).records);
    if (second !== 'held') await second.release();
    const toNobody: JournalRecord[] = [];
    await take(at(), run);
    expect(await at().lease(run, (record) => toNobody.push(record))).toBe('held');
    expect(toNobody).toEqual([]);
  });

  it('tells whether a living process has a run', async () => {
    await at().create(run);
    expect(await at().isHeld(run)).toBe(false);
    const lease = await take(at(), run);
    expect(await at().isHeld(run)).toBe(true);
    await lease.release();
    expect(await at().isHeld(run)).toBe(false);
  });

  it('gives events their place at once, and tells when they are on disk', async () => {
    await at().create(run);
    const { journal } = await take(at(), run);
    const first = journal.enqueue([resumed('Ada')]);
    const second = journal.enqueue([resumed('Bo')]);
    expect([...first.records, ...second.records].map(({ n }) => n)).toEqual([1, 2]);
    await second.onDisk;
    expect((await at().read(run)).records).toEqual([...first.records, ...second.records]);
  });

  it('records what was appended before its release and refuses what comes after', async () => {
    await at().create(run);
    const lease = await take(at(), run);
    const { journal } = lease;
    const before = journal.append([resumed('Ada')]);
    await lease.release();
    expect(await before).toHaveLength(1);
    await expect(journal.append([completed])).rejects.toMatchObject(failure('journal.fenced'));
    expect((await at().read(run)).records).toHaveLength(1);
  });

  it('may be released twice without letting go of what another holds', async () => {
    await at().create(run);
    const first = await take(at(), run);
    await first.release();
    await take(at(), run);
    await first.release();
    expect(await at().lease(run)).toBe('held');
  });

  it('stays taken when only its journal is closed', async () => {
    await at().create(run);
    const { journal } = await take(at(), run);
    await journal.close();
    expect(await at().lease(run)).toBe('held');
    await expect(journal.append([completed])).rejects.toMatchObject(failure('journal.fenced'));
  });
}
