import { z } from 'zod';

const oid = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

export const changeKindSchema = z.enum(['added', 'modified', 'deleted', 'renamed']);

/** One file of a proposal, with what the diff amounts to. */
export const fileChangeSchema = z.strictObject({
  path: z.string(),
  /** The path before, for a rename. */
  from: z.string().optional(),
  kind: changeKindSchema,
  added: z.number().int(),
  removed: z.number().int(),
  binary: z.boolean(),
});

export const riskLevelSchema = z.enum(['low', 'medium', 'high']);

export const riskSchema = z.strictObject({ level: riskLevelSchema, reasons: z.array(z.string()) });

/** How sure one may be, 0 to 1, with its parts; `null` where nothing was measured. */
export const confidenceSchema = z.strictObject({
  value: z.number().min(0).max(1),
  parts: z.strictObject({
    checks: z.number().nullable(),
    grounding: z.number().nullable(),
    judgement: z.number().nullable(),
    history: z.number().nullable(),
  }),
});

export const costSchema = z.strictObject({
  tokensIn: z.number().int(),
  tokensOut: z.number().int(),
  usd: z.number(),
  durationMs: z.number(),
});

/**
 * One version of a proposal. `commit` is its payload hash: it covers the files, the base and the
 * message with the intent, so a decision that names it can apply to nothing else (promise P4).
 */
export const proposalVersionSchema = z.strictObject({
  n: z.number().int().min(1),
  version: z.number().int().min(1),
  commit: oid,
  /** The commit it was made on: one of the branch, or the version of the proposal named by `on`. */
  base: oid,
  /** The open proposal of the same run that this one builds on. */
  on: z.number().int().optional(),
  agent: z.string(),
  model: z.string(),
  intent: z.string(),
  unlocks: z.string(),
  risk: riskSchema,
  confidence: confidenceSchema,
  cost: costSchema,
  files: z.array(fileChangeSchema),
  /** URIs of the sources that the content rests on. */
  sources: z.array(z.string()),
  /** Whether untrusted text was read on the way (promise P7). */
  tainted: z.boolean(),
});

export const verdictSchema = z.enum(['approve', 'reject', 'changes']);

/** What somebody decided about one version. `by` is `operator` or `policy`. */
export const decisionSchema = z.strictObject({
  n: z.number().int(),
  version: z.number().int(),
  commit: oid,
  verdict: verdictSchema,
  by: z.enum(['operator', 'policy']),
  /** Name and mail of the person, or the reason of the rule. */
  who: z.string(),
  comment: z.string().optional(),
});

export type FileChange = z.infer<typeof fileChangeSchema>;
export type Risk = z.infer<typeof riskSchema>;
export type RiskLevel = z.infer<typeof riskLevelSchema>;
export type Confidence = z.infer<typeof confidenceSchema>;
export type Cost = z.infer<typeof costSchema>;
export type ProposalVersion = z.infer<typeof proposalVersionSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type Decision = z.infer<typeof decisionSchema>;

export const noCost: Cost = { tokensIn: 0, tokensOut: 0, usd: 0, durationMs: 0 };

export function addCost(a: Cost, b: Cost): Cost {
  return {
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    usd: a.usd + b.usd,
    durationMs: a.durationMs + b.durationMs,
  };
}

/** `<run>/<n>`: how people and commands name a proposal. */
export function proposalId(run: string, n: number): string {
  return `${run}/${n}`;
}
