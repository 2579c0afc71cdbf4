import { z } from 'zod';
import type { CheckRule } from './check.ts';
import { checkRuleSchema } from './check.ts';

/** A name used as an id: of a workflow, a step, an agent, a connector. */
export const idSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and hyphens, at most 40');

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const inputSchema = z.strictObject({
  description: z.string().optional(),
  type: z.enum(['text', 'path', 'number', 'boolean']).default('text'),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  options: z.array(z.string()).optional(),
});

const budgetSchema = z.strictObject({
  usd: z.number().positive().optional(),
  tokens: z.number().int().positive().optional(),
  minutes: z.number().positive().optional(),
});

/** One read through a connector, whose result becomes material for the step. */
export const connectorReadSchema = z.strictObject({
  connector: idSchema,
  operation: idSchema,
  with: z.record(z.string(), z.string()).default({}),
});

/** What an agent's step is given. Every text is a Liquid template over `inputs`, `run` and `steps`. */
const agentInputSchema = z.strictObject({
  objective: z.string(),
  /** Files or globs of the company to read. */
  read: oneOrMany.default([]),
  /** Questions to long-term memory. */
  recall: oneOrMany.default([]),
  fetch: z.array(connectorReadSchema).default([]),
  /** A prompt file beside the workflow (`*.prompt.md`), appended to the objective. */
  prompt: z.string().optional(),
  /** Headings the written document must have; the offline model writes a section for each. */
  sections: z.array(z.string()).default([]),
});

const onFailSchema = z.strictObject({
  revise: idSchema,
  max: z.number().int().min(1).max(10).default(2),
});

/** Keys that every kind of step has. */
const common = {
  name: z.string().optional(),
  needs: oneOrMany.default([]),
  /** Minutes, a day at most. */
  timeout: z.number().positive().max(1_440).optional(),
};

/** A Liquid condition over `inputs`, `run` and `steps`; where it does not hold, the step is left out. */
const condition = z
  .string()
  .min(1)
  .refine((text) => !/\{[{%]/.test(text), 'write the condition alone, without braces');

const retrySchema = z.strictObject({ max: z.number().int().min(1).max(10).default(3) });

/** `agent: <id>`: an agent's attempt; with `writes`, its files become a proposal. */
const agentStep = z.strictObject({
  ...common,
  if: condition.optional(),
  agent: idSchema,
  with: agentInputSchema,
  /** Path templates or globs that the agent may write; none means it writes nothing. */
  writes: oneOrMany.default([]),
  retry: retrySchema.default({ max: 3 }),
});

/** `connector: <id>`: one deterministic read of an outside system. */
const connectorStep = z.strictObject({
  ...common,
  if: condition.optional(),
  connector: idSchema,
  operation: idSchema,
  with: z.record(z.string(), z.string()).default({}),
  retry: retrySchema.default({ max: 3 }),
});

/** `check: [...]`: deterministic rules over the proposals of `needs`, and optionally an agent's judgement. */
const checkStep = z.strictObject({
  ...common,
  if: condition.optional(),
  check: z.array(checkRuleSchema).min(1),
  judge: idSchema.optional(),
  'on-fail': onFailSchema.optional(),
});

/** `gate: <question>`: the run waits here until every open proposal upstream is decided. */
const gateStep = z.strictObject({ ...common, gate: z.string() });

export const stepSchemas = {
  agent: agentStep,
  connector: connectorStep,
  check: checkStep,
  gate: gateStep,
} as const;

/** A workflow's keys without its steps, which are parsed one by one so that each error names its step, and its triggers. */
export const workflowHeadSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  /** How runs begin; `triggersSchema` says of what it consists. */
  on: z.unknown().optional(),
  inputs: z.record(idSchema, inputSchema).default({}),
  budget: budgetSchema.default({}),
  /** How long the operator needed for this by hand. */
  baseline: z.strictObject({ minutes: z.number().positive() }).optional(),
  /** Globs that bound every step's `writes`. */
  permissions: z.strictObject({ write: oneOrMany.default([]) }).default({ write: [] }),
  steps: z.record(idSchema, z.unknown()),
});

export type WorkflowInput = z.infer<typeof inputSchema>;
export type Budget = z.infer<typeof budgetSchema>;
export type ConnectorRead = z.infer<typeof connectorReadSchema>;
export type AgentInput = z.infer<typeof agentInputSchema>;

interface StepBase {
  readonly id: string;
  readonly name: string;
  readonly needs: readonly string[];
  /** Where it does not hold the step is left out, and those that need it go on. A gate has none: it always asks. */
  readonly condition?: string | undefined;
  readonly timeoutMs: number;
  /** Tries at the step before it fails for good. */
  readonly maxAttempts: number;
  /** Line of the step in the workflow's file, from 1. */
  readonly line?: number | undefined;
}

export interface AgentStep extends StepBase {
  readonly kind: 'agent';
  readonly agent: string;
  readonly with: AgentInput;
  readonly writes: readonly string[];
}

export interface ConnectorStep extends StepBase {
  readonly kind: 'connector';
  readonly connector: string;
  readonly operation: string;
  readonly with: Readonly<Record<string, string>>;
}

export interface CheckStep extends StepBase {
  readonly kind: 'check';
  readonly rules: readonly CheckRule[];
  readonly judge?: string | undefined;
  readonly onFail?: { readonly revise: string; readonly max: number } | undefined;
}

export interface GateStep extends StepBase {
  readonly kind: 'gate';
  readonly question: string;
}

/** Proposes the inverse of applied commits. No file can hold it: it is made by `revert`. */
export interface RevertStep extends StepBase {
  readonly kind: 'revert';
  /** The run or proposal that is undone, for people. */
  readonly target: string;
  readonly commits: readonly string[];
}

export type StepKind = Step['kind'];

export type Step = AgentStep | ConnectorStep | CheckStep | GateStep | RevertStep;

/** A workflow, parsed and valid: every `needs` exists, there is no cycle, every writing step has a gate behind it. */
export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputs: Readonly<Record<string, WorkflowInput>>;
  readonly budget: Budget;
  readonly baselineMinutes?: number | undefined;
  readonly permissions: { readonly write: readonly string[] };
  /** In the order of the file. */
  readonly steps: readonly Step[];
}

/** Whether a step's work can become a proposal. */
export function proposes(step: Step): boolean {
  return step.kind === 'revert' || (step.kind === 'agent' && step.writes.length > 0);
}
