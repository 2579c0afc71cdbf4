import { z } from 'zod';
import type { CheckRule } from './check.ts';
import { budgetSchema, type Budget } from './budget.ts';
import { idSchema, oneOrMany } from './step-schemas.ts';
import type { WatchKeys } from './trigger.ts';
import type { agentInputSchema, connectorReadSchema } from './step-schemas.ts';
import type { Json, JsonObject } from '../base/json.ts';

const inputSchema = z.strictObject({
  description: z.string().optional(),
  type: z.enum(['text', 'path', 'number', 'boolean']).default('text'),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  options: z.array(z.string()).optional(),
});

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
export type ConnectorRead = z.infer<typeof connectorReadSchema>;
export type AgentInput = z.infer<typeof agentInputSchema>;

/**
 * What one set of an expanded step's steps works on: an item of a map, a called workflow, a plan. Plain data, so that
 * it can be journaled.
 */
export interface Part {
  /** Its steps' ids begin with it: `letters.2`. */
  readonly id: string;
  /** For people, where there are several. */
  readonly label?: string | undefined;
  readonly item?: Json | undefined;
  /** Whether the item comes from outside: then no objective holds it (promise P7). */
  readonly untrusted?: boolean | undefined;
  /** What its steps see as inputs; those of the run where it is left out. */
  readonly inputs?: JsonObject | undefined;
  /** The file that its steps are written in; that of the run's workflow where it is left out. */
  readonly file?: string | undefined;
  /** Globs that bound what its steps may write. */
  readonly writes?: readonly string[] | undefined;
}

/** A step's place in the part that it belongs to. */
export interface Within {
  /** The step that was expanded. */
  readonly step: string;
  readonly part: Part;
  /** Its id where it is written, by which the others of the part call it. */
  readonly local: string;
}

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
  readonly within?: Within | undefined;
}

export interface AgentStep extends StepBase {
  readonly kind: 'agent';
  readonly agent: string;
  readonly with: AgentInput;
  readonly writes: readonly string[];
  readonly budget?: Budget | undefined;
}

export interface ConnectorStep extends StepBase {
  readonly kind: 'connector';
  readonly connector: string;
  readonly operation: string;
  readonly with: Readonly<Record<string, string>>;
}

/** What is sent through a connector. Texts are templates. */
export interface Outgoing {
  readonly connector: string;
  readonly operation: string;
  readonly with: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Path of the file that is sent. */
  readonly file?: string | undefined;
}

/** Carried out by three steps: what would be sent is composed, decided, and delivered. */
export interface EffectStep extends StepBase {
  readonly kind: 'effect';
  readonly outgoing: Outgoing;
  readonly compensate?: Omit<Outgoing, 'connector' | 'file'> | undefined;
}

/** Proposes what would be sent, as a file of the outbox. No file can hold it: it carries out an effect. */
export interface ComposeStep extends StepBase {
  readonly kind: 'compose';
  readonly outgoing: Outgoing;
}

/** Sends what was approved, and nothing else. No file can hold it: it carries out an effect. */
export interface DeliverStep extends StepBase {
  readonly kind: 'deliver';
  readonly connector: string;
  readonly operation: string;
  /** The step that composed it, beside this one. */
  readonly composedBy: string;
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
  readonly remindEveryMs?: number | undefined;
  /** How long it waits for decisions. */
  readonly withinMs?: number | undefined;
  /** What is decided then; nothing lets the gate fail. */
  readonly otherwise?: 'approve' | 'reject' | undefined;
}

/** Waits, and is done when what it waits for has come. */
export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly for: WaitFor;
}

/** Texts are templates. */
export type WaitFor =
  | { readonly is: 'time'; readonly ms: number }
  /** A moment (`2026-12-01T09:00`), or the next one that a cron pattern fits. */
  | { readonly is: 'moment'; readonly until: string; readonly timezone?: string | undefined }
  | ({ readonly is: 'event'; readonly event: string } & Limit)
  | ({ readonly is: 'occurrence'; readonly watch: WatchKeys } & Limit)
  | ({ readonly is: 'answer'; readonly question: string; readonly options: readonly string[] } & Limit);

interface Limit {
  readonly withinMs?: number | undefined;
  readonly otherwise?: string | undefined;
}

/** Carried out by its steps, once for each item. */
export interface MapStep extends StepBase {
  readonly kind: 'map';
  readonly over: MapSource;
  /** How many of its steps' attempts are made at a time. */
  readonly atOnce: number;
  readonly steps: readonly Step[];
}

/** Where a map's items come from: an expression, the list itself, or the files that fit. */
export type MapSource =
  | { readonly expression: string }
  | { readonly list: readonly Json[]; readonly untrusted?: boolean | undefined }
  | { readonly files: readonly string[] };

/** Carried out by the steps of another workflow, with inputs of its own. */
export interface WorkflowStep extends StepBase {
  readonly kind: 'workflow';
  readonly workflow: string;
  readonly with: Readonly<Record<string, string | number | boolean>>;
}

/** Carried out by the steps that a file holds. */
export interface PlanStep extends StepBase {
  readonly kind: 'plan';
  /** Path template of the file. */
  readonly plan: string;
  readonly agents: readonly string[];
  readonly writes: readonly string[];
  /** The most steps that it may add. */
  readonly max: number;
}

/** Proposes the inverse of applied commits. No file can hold it: it is made by `revert`. */
export interface RevertStep extends StepBase {
  readonly kind: 'revert';
  /** The run or proposal that is undone, for people. */
  readonly target: string;
  readonly commits: readonly string[];
}

export type StepKind = Step['kind'];

export type Step =
  | AgentStep
  | ConnectorStep
  | EffectStep
  | ComposeStep
  | DeliverStep
  | CheckStep
  | GateStep
  | WaitStep
  | MapStep
  | WorkflowStep
  | PlanStep
  | RevertStep;

/** A step that is carried out by other steps. */
export type ExpandingStep = MapStep | WorkflowStep | PlanStep | EffectStep;

const expanding: ReadonlySet<Step['kind']> = new Set<ExpandingStep['kind']>([
  'map',
  'workflow',
  'plan',
  'effect',
]);

export function expands(step: Step): step is ExpandingStep {
  return expanding.has(step.kind);
}

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

/** Steps and those within them, as they are written. */
export function everyStep(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => (step.kind === 'map' ? [step, ...everyStep(step.steps)] : [step]));
}

/** Whether a step's work can become a proposal. */
export function proposes(step: Step): boolean {
  return (
    step.kind === 'revert' || step.kind === 'compose' || (step.kind === 'agent' && step.writes.length > 0)
  );
}
