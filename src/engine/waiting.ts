import type { Folding } from './folding.ts';
import { blockOf } from '../contracts/run.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';

/** Proposals that an open gate asks about and that nobody has decided. */
export function awaiting(state: Pick<RunState, 'gates' | 'proposals'>): readonly ProposalState[] {
  return [...new Set([...state.gates.values()].flatMap((gate) => gate.proposals))]
    .map((n) => state.proposals.get(n))
    .filter((proposal): proposal is ProposalState => proposal?.status.is === 'open');
}

/** What the run waits for, in words; nothing while anything moves. */
export function waitingFor(state: Folding): string | undefined {
  const moving = state.steps.in('running').size + state.steps.in('retrying').size;
  if (moving > 0 || state.gates.size === 0) return undefined;
  const open = awaiting(state).length;
  if (open > 0) return open === 1 ? 'your decision on 1 proposal' : `your decision on ${open} proposals`;
  for (const { n, status } of state.proposals.values()) {
    const blocked = blockOf(status);
    if (blocked) return `proposal ${n}: ${blocked.message}`;
  }
  return undefined;
}
