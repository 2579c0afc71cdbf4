import type { CompanyLedger } from './company-ledger.ts';
import type { Ports } from './ports.ts';
import type { Cost } from '../contracts/proposal.ts';
import type { Attempt, RunState, Wait } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';
import { addCost, noCost } from '../contracts/proposal.ts';
import { questionOf, spentOf } from '../engine/spending.ts';

/**
 * What the operator is asked before an attempt, as the company's budget of this day or month is spent, whatever run has
 * spent it. Days are those of the machine's time zone.
 */
export async function companyQuestion(
  { clock }: Pick<Ports, 'clock'>,
  ledger: CompanyLedger,
  state: RunState,
  step: string,
): Promise<Wait | undefined> {
  const { day, month } = state.definition.policy.budgets;
  if (!day && !month) return undefined;
  const now = new Date(clock.now());
  const dayMs = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const monthMs = new Date(now.getFullYear(), now.getMonth(), 1).getTime();
  await ledger.look(monthMs);
  const reserved = spentOf(ledger.reserved(state));
  // The run's own journal grows while it asks; all that it has spent counts, whenever that was.
  const spent = (sinceMs: number) => spentOf(addCost(state.cost, ledger.spentByOthers(sinceMs, state.id)));
  return (
    questionOf(state, step, {
      scope: 'day',
      budget: day ?? {},
      spent: spent(dayMs),
      reserved,
      whose: 'Today the company',
    }) ??
    questionOf(state, step, {
      scope: 'month',
      budget: month ?? {},
      spent: spent(monthMs),
      reserved,
      whose: 'This month the company',
    })
  );
}

/**
 * Reserves what an attempt may spend, so that those that begin beside it count it: the step's own budget, else what an
 * attempt costs on average. To be called in the same turn in which nothing was asked.
 */
export function reserveFor(
  ledger: CompanyLedger,
  { state, step, attempt }: { readonly state: RunState; readonly step: Step; readonly attempt: Attempt },
): void {
  const asksModel = step.kind === 'agent' || (step.kind === 'check' && step.judge !== undefined);
  const { day, month } = state.definition.policy.budgets;
  if (!asksModel || (!day && !month)) return;
  const cost = estimate(step, ledger.average());
  ledger.reserve(attempt.key, { run: state.id, step: step.id, attempt: attempt.number, cost });
}

function estimate(step: Step, average: Cost): Cost {
  const { usd, tokens, minutes } = ('budget' in step ? step.budget : undefined) ?? {};
  return {
    ...noCost,
    usd: usd ?? average.usd,
    tokensIn: tokens ?? average.tokensIn + average.tokensOut,
    durationMs: minutes === undefined ? average.durationMs : minutes * 60_000,
  };
}
