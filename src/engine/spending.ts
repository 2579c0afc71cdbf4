import { metOutage } from './outcomes.ts';
import type { Folding } from './folding.ts';
import { budgetChoices, budgetKey, spentText } from '../contracts/budget.ts';
import type { Budget, BudgetUnit, SpentBudget } from '../contracts/budget.ts';
import type { Cost } from '../contracts/proposal.ts';
import { addCost, noCost } from '../contracts/proposal.ts';
import type { RunState, StepState, Wait } from '../contracts/run.ts';

type Spent = Readonly<Record<BudgetUnit, number>>;

/** What the operator is asked before a step begins, as its own budget or the run's is spent; nothing while some is left. */
export function budgetQuestion(state: Folding, at: StepState): Wait | undefined {
  const { workflow, policy } = state.definition;
  const own = 'budget' in at.step ? (at.step.budget ?? {}) : {};
  return (
    questionOf(state, at.id, {
      scope: 'step',
      budget: own,
      spent: spentBy(at),
      whose: `“${at.step.name}”`,
    }) ??
    questionOf(state, at.id, {
      scope: 'run',
      budget: leastOf(workflow.budget, policy.budgets.run ?? {}),
      spent: spentInRun(state),
      whose: 'The run',
    })
  );
}

export interface Spending {
  readonly scope: SpentBudget['scope'];
  readonly budget: Budget;
  readonly spent: Partial<Spent>;
  /** What attempts under way may spend besides. */
  readonly reserved?: Partial<Spent> | undefined;
  /** Who has spent it, for people. */
  readonly whose: string;
}

/** The question about the first limit that is reached, with what it was raised by. */
export function questionOf(
  { raised }: Pick<RunState, 'raised'>,
  step: string,
  { scope, budget, spent, reserved = {}, whose }: Spending,
): Wait | undefined {
  for (const [name, limit] of Object.entries(budget)) {
    const unit = name as BudgetUnit;
    const key = budgetKey({ scope, unit }, step);
    const by = raised.get(key) === null ? Infinity : (raised.get(key) ?? 0);
    const [used, held] = [spent[unit] ?? 0, reserved[unit] ?? 0];
    if (limit === undefined || used + held < limit + by) continue;
    const others = used >= limit + by ? '' : `, and what remains is reserved by attempts under way`;
    const question = `${whose} has spent ${spentText(unit, used, limit + by)}${others}. Go on?`;
    const options = Object.values(budgetChoices);
    return { for: 'answer', question, options, budget: { scope, unit, limit } };
  }
  return undefined;
}

/** Whether the operator is asked about a budget: nothing begins until they answer. */
export function isBudgetAsked({ steps }: Folding): boolean {
  return [...steps.in('waiting')].some((id) => {
    const status = steps.get(id)?.status;
    return status?.is === 'waiting' && status.for === 'answer' && status.budget !== undefined;
  });
}

/** What models have used, in the units of budgets. */
export function spentOf({ usd, tokensIn, tokensOut, durationMs }: Cost) {
  return { usd, tokens: tokensIn + tokensOut, minutes: durationMs / 60_000 };
}

function spentInRun({ cost, steps, attempts }: Folding): Spent {
  return { ...spentOf(cost), steps: steps.size - steps.in('pending').size, attempts };
}

function spentBy({ attempts, attemptsBefore }: StepState): Spent {
  const cost = attempts.reduce((sum, attempt) => addCost(sum, attempt.cost), noCost);
  return {
    ...spentOf(cost),
    steps: 0,
    attempts: attempts.slice(attemptsBefore).filter((attempt) => !metOutage(attempt)).length,
  };
}

function leastOf(a: Budget, b: Budget): Budget {
  const units = new Set([...Object.keys(a), ...Object.keys(b)] as BudgetUnit[]);
  return Object.fromEntries(
    [...units].map((unit) => [unit, Math.min(a[unit] ?? Infinity, b[unit] ?? Infinity)]),
  );
}
