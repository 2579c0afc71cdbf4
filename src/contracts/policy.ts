import { z } from 'zod';
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

const spendSchema = z.strictObject({
  usd: z.number().positive().optional(),
  tokens: z.number().int().positive().optional(),
});

/** `.cairn/policy.yaml`: ordered rules, first match wins, default ask. */
export const policySchema = z.strictObject({
  rules: z.array(policyRuleSchema).max(200).default([]),
  budgets: z.strictObject({ run: spendSchema.optional() }).default({}),
});

export type PolicyRule = z.infer<typeof policyRuleSchema>;
export type Policy = z.infer<typeof policySchema>;

export interface PolicyVerdict {
  readonly then: 'allow' | 'ask' | 'deny';
  readonly why: string;
}
