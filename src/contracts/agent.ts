import { z } from 'zod';

export const roleSchema = z.enum(['planner', 'fetcher', 'executor', 'qa']);
/** What an agent's work amounts to; decides the schema of its output. */
export type Role = z.infer<typeof roleSchema>;

export const tierSchema = z.enum(['fast', 'standard', 'deep']);
export type Tier = z.infer<typeof tierSchema>;

/** Front matter of `.cairn/agents/<id>.agent.md`; the body is the instructions. */
export const agentHeadSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  role: roleSchema,
  model: tierSchema.default('standard'),
  /** The most tokens of one reply. */
  budget: z.strictObject({ tokens: z.number().int().positive().optional() }).default({}),
});

export interface Agent extends z.infer<typeof agentHeadSchema> {
  readonly id: string;
  readonly instructions: string;
}

/** A planner's objectives and tasks. The Markdown artifact is composed from it. */
export const planSchema = z.strictObject({
  title: z.string().min(1),
  objectives: z.array(z.string().min(1)).min(1).max(8),
  tasks: z
    .array(z.strictObject({ step: z.string(), what: z.string().min(1), doneWhen: z.string().min(1) }))
    .min(1)
    .max(30),
  risks: z.array(z.string()).max(8),
  /** Questions to memory that the work needs answered. */
  questions: z.array(z.string()).max(12),
  intent: z.string().min(1),
  /** Steps that the plan adds to the run, where the workflow lets it; the operator edits and approves them first. */
  adds: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        agent: z.string().min(1),
        objective: z.string().min(1),
        needs: z.array(z.string()),
        writes: z.array(z.string()),
      }),
    )
    .max(30)
    .default([]),
});

/** A fetcher's findings; each is supported by one source of the material, by its id. */
export const findingsSchema = z.strictObject({
  summary: z.string().min(1),
  findings: z
    .array(z.strictObject({ claim: z.string().min(1), quote: z.string(), source: z.string() }))
    .max(40),
  gaps: z.array(z.string()).max(12),
});

/** An executor's files, whole, with why. */
export const draftSchema = z.strictObject({
  /** One sentence: what changes and why. */
  intent: z.string().min(1),
  /** One sentence: what becomes possible once it is approved. */
  unlocks: z.string(),
  files: z
    .array(z.strictObject({ path: z.string().min(1), content: z.string() }))
    .min(1)
    .max(20),
  /** Ids of the material that the text rests on. */
  sources: z.array(z.string()).max(60),
});

/** QA's judgement of a proposal. */
export const judgementSchema = z.strictObject({
  verdict: z.enum(['pass', 'fail']),
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  summary: z.string().min(1),
  issues: z.array(z.strictObject({ where: z.string(), what: z.string().min(1) })).max(20),
});

export const outputSchemas = {
  planner: planSchema,
  fetcher: findingsSchema,
  executor: draftSchema,
  qa: judgementSchema,
} as const satisfies Record<Role, z.ZodType>;

export type Plan = z.infer<typeof planSchema>;
export type Findings = z.infer<typeof findingsSchema>;
export type Draft = z.infer<typeof draftSchema>;
export type Judgement = z.infer<typeof judgementSchema>;
export type RoleOutput = Plan | Findings | Draft | Judgement;
