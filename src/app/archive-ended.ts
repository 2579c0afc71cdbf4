import { archiveRun } from './archive-run.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { underLease } from './under-lease.ts';
import { isOver } from '../engine/run-status.ts';

/** Archives every run that is over and whose archive does not have its journal: a process died before it had. */
export async function archiveEnded(ports: Ports, reader: RunReader): Promise<void> {
  for (const run of await ports.folders.list()) {
    if (!(await isUnarchived(ports, reader, run))) continue;
    await underLease(ports, run, async (state) => {
      if (state && isOver(state)) await archiveRun(ports, state);
    });
  }
}

/** A run that cannot be read is told of where runs are listed. */
async function isUnarchived({ archive }: Ports, reader: RunReader, run: string): Promise<boolean> {
  try {
    const { state, archived } = await reader.read(run);
    return !archived && isOver(state) && (await archive.compare(run)) !== 'same';
  } catch {
    return false;
  }
}
