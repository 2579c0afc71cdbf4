import { endAttempt } from './fold-steps.ts';
import type { Folding } from './folding.ts';
import { budgetKey } from '../contracts/budget.ts';
import type { RunEventOf } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';

/** A budget is raised, and all that waited for it begins; having asked is no try at the step. */
export function foldRaise(state: Folding, { data }: RunEventOf<'budget.raised'>, atMs: number): void {
  const key = budgetKey(data, data.step);
  const before = state.raised.get(key);
  // A limit that is gone does not come back.
  if (before !== null) state.raised.set(key, data.by === undefined ? null : (before ?? 0) + data.by);
  for (const id of [...state.steps.in('waiting')]) {
    const at = state.steps.get(id);
    const budget = at?.status.is === 'waiting' && at.status.for === 'answer' ? at.status.budget : undefined;
    if (!at || !budget || budgetKey(budget, id) !== key) continue;
    const asked = endAttempt(at, { atMs, cost: noCost });
    state.steps.set(id, { ...asked, status: { is: 'pending' }, attemptsBefore: at.attemptsBefore + 1 });
  }
}
