import { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { riskLevelSchema } from './proposal.ts';
import { oneOrMany } from './step-schemas.ts';

const whenSchema = z.strictObject({
  /** A rule without it never allows an effect. */
  kind: z.enum(['files', 'memory', 'revert', 'effect']).optional(),
  connector: oneOrMany.optional(),
  operation: oneOrMany.optional(),
  /** Globs; the rule fits when every changed path matches one of them. */
  path: oneOrMany.optional(),
  agent: oneOrMany.optional(),
  workflow: oneOrMany.optional(),
  riskAtLeast: riskLevelSchema.optional(),
  confidenceBelow: z.number().min(0).max(1).optional(),
  costAbove: z.number().min(0).optional(),
  tainted: z.boolean().optional(),
});

export const policyRuleSchema = z.strictObject({
  when: whenSchema.default({}),
  then: z.enum(['allow', 'ask', 'deny']),
  why: z.string().min(1),
});

const companyBudgetSchema = budgetSchema.pick({ usd: true, tokens: true });

const wholeDays = z.number().int().min(1).max(36_500);

/** How long and how much is kept of runs that are over; what is left out is as in `limits.retention`. */
const retentionSchema = z.strictObject({
  /** How long an ended run keeps its folder. */
  days: wholeDays.optional(),
  /** What the folders of all runs may take up together. */
  megabytes: z.number().int().min(1).optional(),
  /** How long an ended run keeps its archive and its proposals in git. */
  archiveDays: wholeDays.optional(),
});

/** `.cairn/policy.yaml`: ordered rules, first match wins, default ask. */
export const policySchema = z.strictObject({
  rules: z.array(policyRuleSchema).max(200).default([]),
  budgets: z
    .strictObject({
      run: budgetSchema.optional(),
      /** Of all runs together. */
      day: companyBudgetSchema.optional(),
      month: companyBudgetSchema.optional(),
    })
    .default({}),
  retention: retentionSchema.optional(),
});

export type PolicyRule = z.infer<typeof policyRuleSchema>;
export type Policy = z.infer<typeof policySchema>;

export interface PolicyVerdict {
  readonly then: 'allow' | 'ask' | 'deny';
  readonly why: string;
}
