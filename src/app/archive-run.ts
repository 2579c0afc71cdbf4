import type { Ports } from './ports.ts';
import { describeFailure, toFailure } from '../base/failure.ts';
import type { Folding } from '../engine/folding.ts';

/**
 * Archives a run that has ended; its lease is held. A run never fails for that: what went wrong is told, its folder
 * stays, and it is archived with the next look at all of them.
 */
export async function archiveRun({ archive, log }: Ports, state: Folding): Promise<void> {
  try {
    await archive.keep(state.id, state.updatedAtMs);
  } catch (thrown) {
    log(`${state.id} was not archived, and stays in its folder. ${describeFailure(toFailure(thrown))}`);
  }
}
