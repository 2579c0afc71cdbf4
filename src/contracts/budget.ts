import { z } from 'zod';

/** What of a run, of one of its steps, or of the company in a day or a month, may be spent. */
export const budgetSchema = z.strictObject({
  usd: z.number().positive().optional(),
  tokens: z.number().int().positive().optional(),
  minutes: z.number().positive().optional(),
  steps: z.number().int().positive().optional(),
  attempts: z.number().int().positive().optional(),
});

export type Budget = z.infer<typeof budgetSchema>;
export type BudgetUnit = keyof Budget;

/** A budget that has been spent, and that the operator is asked about. */
export const spentBudgetSchema = z.strictObject({
  scope: z.enum(['step', 'run', 'day', 'month']),
  unit: z.enum(['usd', 'tokens', 'minutes', 'steps', 'attempts']),
  /** What it was without what it was raised by. */
  limit: z.number(),
});

export type SpentBudget = z.infer<typeof spentBudgetSchema>;

/** The operator's answers when a budget is spent. Each is about this run alone. */
export const budgetChoices = {
  more: 'As much again',
  unlimited: 'Go on without this limit',
  stop: 'Stop the run',
} as const;

/** By what name a budget's raise is kept. */
export function budgetKey({ scope, unit }: Pick<SpentBudget, 'scope' | 'unit'>, step: string): string {
  return scope === 'step' ? `${scope}.${unit}.${step}` : `${scope}.${unit}`;
}

/** `$1.20 of $1.00`, `500 of 400 tokens`. */
export function spentText(unit: BudgetUnit, spent: number, limit: number): string {
  if (unit === 'usd') return `$${spent.toFixed(2)} of $${limit.toFixed(2)}`;
  const text = unit === 'minutes' ? spent.toFixed(1) : String(spent);
  return `${text} of ${limit} ${unit}`;
}
