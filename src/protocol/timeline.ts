import { z } from 'zod';
import type { Cost, FileChange } from '../contracts/proposal.ts';
import type { SourceRef } from '../contracts/run.ts';
import type { Failure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';

export type BarStatus = 'running' | 'waiting' | 'retrying' | 'succeeded' | 'failed' | 'sent-back' | 'pending';

/** One attempt at a step, as a bar in its lane. A step not yet started is a bar without times. */
export interface TimelineBar {
  readonly step: string;
  readonly name: string;
  readonly lane: string;
  readonly attempt: number;
  readonly status: BarStatus;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly cost: Cost;
  /** `<run>/<n>` */
  readonly proposal?: string | undefined;
  readonly needs: readonly string[];
}

/** A decision or an application, as a mark on the time axis. */
export interface TimelineMark {
  readonly atMs: number;
  readonly kind: 'approve' | 'reject' | 'changes' | 'applied' | 'blocked' | 'refused' | 'resumed';
  readonly label: string;
  readonly step?: string | undefined;
}

export interface TimelineLane {
  readonly id: string;
  /** `Planner`, `Executor`, `Checks`, `Operator`… */
  readonly label: string;
  readonly kind: 'agent' | 'connector' | 'check' | 'gate' | 'revert';
}

/** All that the timeline of one run shows: a fold of its events. */
export interface TimelineView {
  readonly run: string;
  readonly workflow: string;
  readonly status: 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped';
  /** The status in a sentence: what it waits for, why it failed, who stopped it. */
  readonly statusText: string;
  readonly failure?: Failure | undefined;
  readonly by: string;
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

/** What a click on a step shows. */
export interface StepDetail {
  readonly step: string;
  readonly name: string;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  readonly status: BarStatus;
  readonly attempts: readonly {
    readonly number: number;
    readonly startMs: number;
    readonly endMs?: number | undefined;
    readonly cost: Cost;
    readonly failure?: Failure | undefined;
  }[];
  readonly input?: Json | undefined;
  readonly output?: Json | undefined;
  readonly sources: readonly SourceRef[];
  readonly proposal?:
    | {
        readonly id: string;
        readonly intent: string;
        readonly status: string;
        readonly files: readonly FileChange[];
      }
    | undefined;
  readonly failure?: Failure | undefined;
  readonly feedback: readonly string[];
}

export type TimelineToWebview =
  | { readonly type: 'timeline'; readonly view: TimelineView }
  | { readonly type: 'step'; readonly detail: StepDetail }
  | { readonly type: 'failed'; readonly failure: Failure };

/** What the webview may ask of the extension host; anything else is dropped. */
export const timelineFromWebview = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('select-step'), step: z.string().max(100) }),
  z.strictObject({ type: z.literal('review'), proposal: z.string().max(200) }),
  z.strictObject({ type: z.literal('open-source'), uri: z.string().max(2000) }),
  z.strictObject({ type: z.literal('retry') }),
  z.strictObject({ type: z.literal('stop') }),
]);

export type TimelineFromWebview = z.infer<typeof timelineFromWebview>;
