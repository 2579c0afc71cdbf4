import { RunFold } from './fold.ts';
import { ReplayedProcess } from './replayed-process.ts';
import type { ReplayPorts } from './replayed-process.ts';
import { JournalScript } from './replay-script.ts';
import type { Difference } from './replay-script.ts';
import type { JournalRecord } from '../contracts/journal.ts';

export type Replayed =
  | { readonly is: 'same'; readonly records: number }
  | ({ readonly is: 'different' } & Difference);

/**
 * Executes a run once more over its journal: whatever came from outside (an attempt's outcome, an order, what the
 * repository answered, the time) is given as it was recorded, and all that the engine records is held against the
 * journal, up to the first difference. Asks no model and writes nothing.
 *
 * What a process died with is not in its journal, so a journal that ends early, as a whole or that of one process,
 * is no difference.
 */
export async function replayRun(
  run: string,
  records: readonly JournalRecord[],
  ports: ReplayPorts,
): Promise<Replayed> {
  const script = new JournalScript(records);
  const fold = new RunFold(run);
  for (let given = beginning(records); given > 0 && script.next; given -= 1) fold.apply(script.pass());
  while (script.next) {
    const { epoch } = script.next;
    // A process says by itself that it goes on with what another has left; the engine does not.
    while (script.nextOf(epoch)?.event.type === 'run.resumed') fold.apply(script.pass());
    if (!script.nextOf(epoch)) continue;
    const difference = await new ReplayedProcess({ script, fold, epoch, ports }).toEnd();
    if (difference) return { is: 'different', ...difference };
  }
  return { is: 'same', records: records.length };
}

/** Records that no process has made: the start, and what a fork has taken over. */
function beginning([first]: readonly JournalRecord[]): number {
  const forked = first?.event.type === 'run.started' ? first.event.data.forked : undefined;
  return 1 + (forked?.records ?? 0);
}
