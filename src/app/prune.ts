import { archiveEnded } from './archive-ended.ts';
import type { Pruned } from './cairn.ts';
import { loadPolicy } from './load-definition.ts';
import type { Ports } from './ports.ts';
import { isOlder, limitBytes, planRemovals, retentionOf, totalBytes } from './prune-plan.ts';
import type { LocalRun, Retention } from './prune-plan.ts';
import type { RunReader } from './run-reader.ts';
import { underLease } from './under-lease.ts';
import { AppError, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import type { ArchiveState } from '../contracts/archive.ts';
import type { RunState } from '../contracts/run.ts';
import { isOver } from '../engine/run-status.ts';

/** What a step of pruning could not do; the others go on. */
type Problems = { readonly run: string; readonly failure: Failure }[];

/**
 * Removes what retention lets go: folders of ended runs, once their archive has all of them, and then archives and
 * proposals that are older still. At every moment a run is in its folder or in its archive. With `dryRun` it only
 * tells. Throws `definition.invalid` for a policy that cannot be read.
 */
export async function prune(
  ports: Ports,
  reader: RunReader,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Pruned> {
  const retention = retentionOf(await loadPolicy(ports.files));
  if (!dryRun) {
    await ports.folders.sweep();
    await archiveEnded(ports, reader);
  }
  const problems: Problems = [];
  const runs = await measureRuns(ports, reader);
  const planned = planRemovals(runs, retention, ports.clock.now());
  const removable = await expendable(ports, reader, { retention, problems });
  const folders = dryRun ? planned : await each(planned, problems, ({ run }) => removeFolder(ports, run));
  const forgotten = dryRun ? removable : await each(removable, problems, ({ run }) => forget(ports, run));
  return {
    dryRun,
    folders,
    forgotten: forgotten.map(({ run }) => run),
    keptBytes: totalBytes(runs) - totalBytes(folders),
    limitBytes: limitBytes(retention),
    problems,
  };
}

/** Every run that has a folder, with what it takes up. */
export async function measureRuns(
  { folders }: Pick<Ports, 'folders'>,
  reader: RunReader,
): Promise<readonly LocalRun[]> {
  const runs: LocalRun[] = [];
  for (const run of await folders.list()) {
    const size = await folders.measure(run);
    const reading = await reader.read(run).catch(() => undefined);
    if (size) runs.push({ run, ...size, status: reading?.state.status.is });
  }
  return runs;
}

/** An archive that has all that a run's folder has. */
const hasAll: ReadonlySet<ArchiveState> = new Set(['same', 'ahead']);

/** Removes a run's folder, if its archive has all that is in it and nobody wants anything of it. */
async function removeFolder(ports: Ports, run: string): Promise<boolean> {
  const removed = await underLease(ports, run, async (state, lease) => {
    if (!state || !isOver(state) || (await ports.runs.orders(run)).length > 0) return false;
    if (!hasAll.has(await ports.archive.compare(run))) return false;
    const { corrupt } = await ports.archive.read(run);
    if (corrupt) throw new AppError(corrupt);
    await lease.journal.close();
    return ports.folders.remove(run);
  });
  return removed === true;
}

interface Forgetting {
  readonly retention: Retention;
  readonly problems: Problems;
}

/**
 * Archived runs that are too old to be kept in git, and have neither a folder nor undecided work. So what is in a
 * folder now is at least archived after this, and what goes for good is known beforehand.
 */
async function expendable(
  { archive, folders, clock }: Ports,
  reader: RunReader,
  { retention, problems }: Forgetting,
): Promise<readonly { readonly run: string }[]> {
  const here = new Set(await folders.list());
  const archived = [...(await archive.list())].filter((run) => !here.has(run)).toSorted();
  const isOld = async (run: string) =>
    isOlder(await archive.recordedAtMs(run), retention.archiveDays, clock.now()) &&
    !hasUndecided((await reader.read(run)).state);
  return each(
    archived.map((run) => ({ run })),
    problems,
    ({ run }) => isOld(run),
  );
}

async function forget({ archive, folders }: Ports, run: string): Promise<boolean> {
  if (await folders.measure(run)) return false;
  await archive.forget(run);
  return true;
}

/** Those for which it was done. One that fails is a problem and keeps the others from nothing. */
async function each<T extends { readonly run: string }>(
  items: readonly T[],
  problems: Problems,
  act: (item: T) => Promise<boolean>,
): Promise<readonly T[]> {
  const done: T[] = [];
  for (const item of items) {
    try {
      if (await act(item)) done.push(item);
    } catch (thrown) {
      problems.push({ run: item.run, failure: toFailure(thrown) });
    }
  }
  return done;
}

/** Whether a retry could still lead to a decision on what the run has proposed. */
function hasUndecided({ proposals }: Pick<RunState, 'proposals'>): boolean {
  const closed = new Set(['applied', 'rejected', 'withdrawn']);
  return [...proposals.values()].some(({ status }) => !closed.has(status.is));
}
