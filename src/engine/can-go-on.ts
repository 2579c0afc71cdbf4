import { approvedProposals, canApply } from './application.ts';
import type { Folding } from './folding.ts';
import { gateTimers } from './gate-timers.ts';
import { isBudgetAsked } from './spending.ts';
import { isOver } from './run-status.ts';
import { waitMoves } from './waits.ts';
import { wakesAtMs } from './wakes.ts';
import { blockOf } from '../contracts/run.ts';

/** Whether a run could go on now without anybody's decision: a process is at it, or has left it. */
export function canGoOn(state: Folding, nowMs: number): boolean {
  if (isOver(state)) return false;
  const { steps } = state;
  const isPaused = steps.in('running').size === 0 && (wakesAtMs(state) ?? 0) > nowMs;
  if (state.status.is === 'running' && !isPaused) return true;
  const applies = approvedProposals(state).some(
    (proposal) => !blockOf(proposal.status) && canApply(state, proposal),
  );
  const work = isBudgetAsked(state) ? 0 : steps.readyWork.size;
  const ready = work + steps.readyGates.size + steps.carriedOut.size;
  return applies || ready > 0 || gateTimers(state, nowMs).length + waitMoves(state, nowMs).length > 0;
}
