import type { Failure } from '../base/failure.ts';
import type { RunState } from '../contracts/run.ts';

/** The failure of a run that has spent its workflow's or its policy's budget; nothing while there is some left. */
export function spentBudget(state: RunState): Failure | undefined {
  const { workflow, policy } = state.definition;
  const tokens = state.cost.tokensIn + state.cost.tokensOut;
  const minutes = state.cost.durationMs / 60_000;
  const usd = least(workflow.budget.usd, policy.budgets.run?.usd);
  const most = least(workflow.budget.tokens, policy.budgets.run?.tokens);
  if (state.cost.usd >= usd) return spent(`$${state.cost.usd.toFixed(2)} of $${usd.toFixed(2)}`);
  if (tokens >= most) return spent(`${tokens} of ${most} tokens`);
  if (minutes >= (workflow.budget.minutes ?? Infinity)) {
    return spent(`${minutes.toFixed(1)} of ${workflow.budget.minutes} minutes`);
  }
  return undefined;
}

function least(...values: readonly (number | undefined)[]): number {
  return Math.min(...values.map((value) => value ?? Infinity));
}

function spent(what: string): Failure {
  return {
    code: 'budget.spent',
    message: `The run has spent ${what}.`,
    retry: 'operator',
    kept: 'Everything done so far is kept.',
    remedy:
      'Raise the budget in the workflow or in .cairn/policy.yaml and start a new run, or go on by hand.',
  };
}
