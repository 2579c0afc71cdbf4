import { expect, it } from 'vitest';
import { describeArchivedRuns } from '../../test/contract/archived-runs.ts';
import { describeRunStore } from '../../test/contract/run-store.ts';
import { completed, failure, resumed, run, take } from '../../test/contract/run-store-events.ts';
import { ManualClock } from '../base/clock.ts';
import { withArchive } from './archived-runs.ts';
import { memoryRunArchive } from './memory-run-archive.ts';
import { memoryRunStore } from './memory-run-store.ts';

function opened() {
  const clock = new ManualClock();
  const here = memoryRunStore({ clock });
  const archive = memoryRunArchive(here);
  const close = () => Promise.resolve();
  return { here, clock, archive, store: withArchive(here, archive), close };
}

describeRunStore('in memory, with an archive', async () => opened());

describeArchivedRuns('in memory', async () => {
  const { here, ...rest } = opened();
  return { ...rest, dropFolder: async (run) => here.drop(run) };
});

it('the archive in memory never gives way to a run that went another way', async () => {
  const { here, archive, store } = opened();
  await store.create(run);
  const lease = await take(store, run);
  await lease.journal.append([resumed('Ada'), completed]);
  await archive.keep(run, 0);
  const { records } = await archive.read(run);
  here.drop(run);
  here.put(run, records.slice(0, 1));
  expect(await archive.compare(run)).toBe('ahead');
  await expect(archive.keep(run, 0)).rejects.toMatchObject(failure('run.archived'));
  here.drop(run);
  here.put(run, records.toReversed());
  expect(await archive.compare(run)).toBe('other');
  await expect(archive.keep(run, 0)).rejects.toMatchObject(failure('run.archived'));
  expect((await archive.read(run)).records).toEqual(records);
});
