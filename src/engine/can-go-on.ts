import { approvedProposals, canApply } from './application.ts';
import type { Folding } from './folding.ts';
import { isOver } from './run-status.ts';
import { blockOf } from '../contracts/run.ts';

/** Whether a run could go on now without anybody's decision: a process is at it, or has left it. */
export function canGoOn(state: Folding): boolean {
  if (isOver(state)) return false;
  if (state.status.is === 'running') return true;
  const { steps } = state;
  const applies = approvedProposals(state).some(
    (proposal) => !blockOf(proposal.status) && canApply(state, proposal),
  );
  return applies || steps.readyWork.size + steps.readyGates.size + steps.carriedOut.size > 0;
}
