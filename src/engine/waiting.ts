import type { Folding } from './folding.ts';
import { isBudgetAsked } from './spending.ts';
import { waitOf } from './waits.ts';
import { blockOf } from '../contracts/run.ts';
import type { ProposalState, RunState, Wait } from '../contracts/run.ts';
import { watchText } from '../contracts/trigger.ts';

/** Proposals that an open gate asks about and that nobody has decided. */
export function awaiting(state: Pick<RunState, 'gates' | 'proposals'>): readonly ProposalState[] {
  return [...new Set([...state.gates.values()].flatMap((gate) => gate.proposals))]
    .map((n) => state.proposals.get(n))
    .filter((proposal): proposal is ProposalState => proposal?.status.is === 'open');
}

/** What asks for the operator comes first, then what has to happen; time passes by itself. */
const urgency: Readonly<Record<Wait['for'], number>> = { answer: 0, event: 1, occurrence: 1, time: 2 };

function mostUrgent({ steps }: Folding): string | undefined {
  const waits = [...steps.in('waiting')].flatMap((id) => {
    const at = steps.get(id);
    return (at && waitOf(at)) ?? [];
  });
  const [first] = waits.toSorted((a, b) => urgency[a.for] - urgency[b.for]);
  return first && waitText(first);
}

function waitText(wait: Wait): string {
  switch (wait.for) {
    case 'time':
      return `${new Date(wait.untilMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    case 'event':
      return `“${wait.event}” to happen`;
    case 'occurrence':
      return watchText(wait.watch);
    case 'answer':
      return `your answer: ${wait.question}`;
  }
}

/** What the run waits for, in words; nothing while anything moves. */
export function waitingFor(state: Folding): string | undefined {
  // While a budget is asked about nothing is tried again either.
  const tries = isBudgetAsked(state) ? 0 : state.steps.in('retrying').size;
  const moving = state.steps.in('running').size + tries;
  if (moving > 0 || state.steps.in('waiting').size === 0) return undefined;
  if (state.gates.size === 0) return mostUrgent(state);
  const open = awaiting(state).length;
  if (open > 0) return open === 1 ? 'your decision on 1 proposal' : `your decision on ${open} proposals`;
  for (const { n, status } of state.proposals.values()) {
    const blocked = blockOf(status);
    if (blocked) return `proposal ${n}: ${blocked.message}`;
  }
  return undefined;
}
