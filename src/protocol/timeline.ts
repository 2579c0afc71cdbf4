import { z } from 'zod';
import type { RunWait, StepWait } from './waits.ts';
import type { Cost, FileChange } from '../contracts/proposal.ts';
import type { SourceRef } from '../contracts/run.ts';
import type { StepKind } from '../contracts/workflow.ts';
import type { Failure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';

export type BarStatus =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'retrying'
  | 'succeeded'
  | 'failed'
  | 'sent-back'
  /** Failed, and the operator went on without it. */
  | 'skipped'
  /** Under way when the run was stopped or failed elsewhere. */
  | 'stopped';

/** One attempt at a step, as a bar in its lane. A step not yet started is a bar without times. */
export interface TimelineBar {
  readonly step: string;
  readonly name: string;
  readonly lane: string;
  readonly attempt: number;
  readonly status: BarStatus;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  /** When a failed attempt is followed by another one. */
  readonly retryAtMs?: number | undefined;
  /** What it waits for now. */
  readonly wait?: StepWait | undefined;
  readonly cost: Cost;
  /** `<run>/<n>` */
  readonly proposal?: string | undefined;
  readonly needs: readonly string[];
  /** The step that it carries out together with others, and which part of it: of a map, a called workflow, a plan. */
  readonly within?: { readonly step: string; readonly part: string } | undefined;
}

/** A decision or an application, as a mark on the time axis. */
export interface TimelineMark {
  readonly atMs: number;
  readonly kind:
    | 'approve'
    | 'reject'
    | 'changes'
    | 'applied'
    | 'blocked'
    | 'refused'
    | 'retried'
    | 'skipped'
    | 'reminded'
    | 'signalled'
    | 'resumed';
  readonly label: string;
  readonly step?: string | undefined;
}

export interface TimelineLane {
  readonly id: string;
  /** `Planner`, `Executor`, `Checks`, `Operator`… */
  readonly label: string;
  readonly kind: StepKind;
}

/** All that the timeline of one run shows: a fold of its events. */
export interface TimelineView {
  readonly run: string;
  readonly workflow: string;
  readonly status: 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped';
  /** The status in a sentence: what it waits for, why it failed, who stopped it. */
  readonly statusText: string;
  readonly failure?: Failure | undefined;
  /** What its steps wait for, that which asks for the operator first. */
  readonly waits: readonly RunWait[];
  /** Names of the steps that come next. */
  readonly next: readonly string[];
  /** Effects that may have been sent, and that nobody knows more of. */
  readonly inDoubt: readonly string[];
  readonly by: string;
  /** What started it, in words; `manual` by hand. */
  readonly trigger: string;
  readonly model: string;
  /** The offline model is extractive; it is labelled wherever its output shows. */
  readonly offline: boolean;
  readonly startedAtMs: number;
  readonly endedAtMs?: number | undefined;
  readonly cost: Cost;
  readonly lanes: readonly TimelineLane[];
  readonly bars: readonly TimelineBar[];
  readonly marks: readonly TimelineMark[];
}

/** One try at a step. */
export interface StepAttempt {
  readonly number: number;
  readonly status: BarStatus;
  readonly startMs: number;
  readonly endMs?: number | undefined;
  readonly cost: Cost;
  readonly failure?: Failure | undefined;
}

/** A proposal that a step has made, or that its gate asks about. */
export interface StepProposal {
  /** `<run>/<n>` */
  readonly id: string;
  readonly intent: string;
  readonly status: string;
  readonly version: number;
  readonly files: readonly FileChange[];
}

/** Why work came back, in words. */
export interface StepFeedback {
  /** Who sent it back: a check's name, or the operator. */
  readonly from: string;
  readonly text: string;
  readonly findings: readonly string[];
}

export type StepRemedy = 'retry-step' | 'edit-and-retry' | 'take-step' | 'skip-step';

/** What a click on a step shows. */
export interface StepDetail {
  readonly step: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  readonly status: BarStatus;
  /** What the operator can do about it while it is failed. */
  readonly remedies: readonly StepRemedy[];
  readonly attempts: readonly StepAttempt[];
  /** A gate's question. */
  readonly question?: string | undefined;
  /** What it waits for now. */
  readonly wait?: StepWait | undefined;
  readonly input?: Json | undefined;
  readonly output?: Json | undefined;
  readonly sources: readonly SourceRef[];
  readonly proposals: readonly StepProposal[];
  readonly failure?: Failure | undefined;
  readonly feedback: readonly StepFeedback[];
}

export type TimelineToWebview =
  | { readonly type: 'timeline'; readonly view: TimelineView }
  | { readonly type: 'step'; readonly detail: StepDetail }
  /** The run, or with `step` that step's detail, could not be read. */
  | { readonly type: 'failed'; readonly failure: Failure; readonly step?: string | undefined };

/** Ids of steps within steps are long. */
const stepId = z.string().max(400);

/** What the webview may ask of the extension host; anything else is dropped. */
export const timelineFromWebview = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  /** `null` when no step is selected any more. */
  z.strictObject({ type: z.literal('select-step'), step: stepId.nullable() }),
  z.strictObject({ type: z.literal('review'), proposal: z.string().max(200) }),
  z.strictObject({ type: z.literal('open-source'), uri: z.string().max(2000) }),
  z.strictObject({ type: z.literal('retry') }),
  /** What the operator does about a step that has failed. */
  z.strictObject({ type: z.enum(['retry-step', 'edit-and-retry', 'take-step', 'skip-step']), step: stepId }),
  /** The operator's choice where a step waits for it, and the attempt that was seen to ask. */
  z.strictObject({
    type: z.literal('answer'),
    step: stepId,
    attempt: z.number().int().min(1),
    choice: z.string().max(2000),
  }),
  /** An event that a step waits for has happened; what to tell of it is asked for. */
  z.strictObject({ type: z.literal('signal'), event: z.string().max(100) }),
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({ type: z.literal('configure-model') }),
]);

export type TimelineFromWebview = z.infer<typeof timelineFromWebview>;

/** What the webview keeps for the time it is restored after a reload of the window. */
export const timelineKeptState = z.object({ run: z.string().min(1).max(200) });
