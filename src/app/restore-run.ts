import type { Ports } from './ports.ts';
import { underLease } from './under-lease.ts';
import { appFailures } from '../base/failures/app.ts';
import { isOver } from '../engine/run-status.ts';

/**
 * Brings an archived run's folder back, so that it can go on here, or up to date where the archive has gone on
 * elsewhere. False when what is here is all there is. Throws `run.missing`, `journal.corrupt`.
 */
export async function restoreRun(ports: Ports, run: string): Promise<boolean> {
  const { archive, folders } = ports;
  const isHere = (await folders.list()).includes(run);
  const state = await archive.compare(run);
  if (state === 'none' && !isHere) throw appFailures.runMissing(run);
  if (state !== 'ahead') return false;
  const { corrupt } = await archive.read(run);
  // What could not be put in its place leaves what is here.
  if (isHere && !corrupt && !(await makeWay(ports, run))) return false;
  return archive.restore(run);
}

/** Removes a folder of which the archive has all; false when somebody is at it, or has ordered something. */
async function makeWay(ports: Ports, run: string): Promise<boolean> {
  // A folder without a journal is what somebody has left of it by hand.
  if (!(await ports.folders.measure(run))) return ports.folders.remove(run);
  const removed = await underLease(ports, run, async (state, lease) => {
    if (!state || !isOver(state) || (await ports.archive.compare(run)) !== 'ahead') return false;
    await lease.journal.close();
    return ports.folders.remove(run);
  });
  return removed === true;
}
