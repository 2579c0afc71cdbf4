import { prune } from './prune.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { describeFailure, toFailure } from '../base/failure.ts';
import { countText } from '../protocol/wording.ts';

/** Prunes at most once a day, in whatever process a run has just ended. Never throws; what went wrong is told. */
export async function tendRuns(ports: Ports, reader: RunReader): Promise<void> {
  try {
    if (!(await ports.pruneIsDue())) return;
    const { folders, forgotten, problems } = await prune(ports, reader, { dryRun: false });
    for (const { run, failure } of problems) ports.log(`${run}: ${describeFailure(failure)}`);
    if (folders.length + forgotten.length === 0) return;
    ports.log(
      `Pruned ${countText(folders.length, 'folder')} of ended runs, which git has, and ${countText(forgotten.length, 'archive')}.`,
    );
  } catch (thrown) {
    ports.log(`Old runs could not be pruned. ${describeFailure(toFailure(thrown))}`);
  }
}
