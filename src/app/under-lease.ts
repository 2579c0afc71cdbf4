import { driveRun } from './drive-run.ts';
import type { Ports } from './ports.ts';
import type { RunLease } from '../contracts/runs.ts';
import { RunFold } from '../engine/fold.ts';
import type { Folding } from '../engine/folding.ts';

type Use<T> = (state: Folding | undefined, lease: RunLease) => Promise<T>;

/**
 * Does something with a run while no other process can record in it; `held` when one does. An order that comes
 * meanwhile finds the run held, so it is this process's to take.
 */
export async function underLease<T>(ports: Ports, run: string, use: Use<T>): Promise<T | 'held'> {
  const fold = new RunFold(run);
  const lease = await ports.runs.lease(run, (record) => fold.apply(record));
  if (lease === 'held') return 'held';
  try {
    return await use(fold.state, lease);
  } finally {
    await lease.release();
    if ((await ports.runs.orders(run)).length > 0) await driveRun(ports, run, new AbortController().signal);
  }
}
