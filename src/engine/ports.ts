import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Failure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';
import type { Random } from '../base/random.ts';
import type { Journal } from '../contracts/journal.ts';
import type { Feedback } from '../contracts/model.ts';
import type { PolicyVerdict } from '../contracts/policy.ts';
import type { Cost, ProposalVersion } from '../contracts/proposal.ts';
import type { PreparedApply } from '../contracts/repository.ts';
import type { Attempt, ProposalState, RunState, SourceRef, Wait } from '../contracts/run.ts';
import type { RunOrder } from '../contracts/runs.ts';
import type { Part, Step } from '../contracts/workflow.ts';

/** One attempt, as it is handed to the workshop. Repeating it with the same key must be harmless. */
export interface StepTask {
  readonly state: RunState;
  readonly step: Step;
  readonly attempt: Attempt;
  /** Whether a process that is gone has begun it: what it has done outside is not known. */
  readonly resumed: boolean;
  /** Throws `journal.fenced` once another process may make the attempt: asked right before anything is done outside. */
  readonly expectOurs: () => void;
}

export type StepOutcome =
  | {
      readonly is: 'done';
      readonly input: Json;
      readonly output: Json;
      readonly cost: Cost;
      readonly model?: string | undefined;
      readonly sources: readonly SourceRef[];
      readonly proposal?: ProposalVersion | undefined;
    }
  | {
      readonly is: 'failed';
      readonly failure: Failure;
      readonly cost: Cost;
      /** What it should do outside may have happened all the same. */
      readonly inDoubt?: boolean | undefined;
    }
  /** Its parts carry it out; `steps` are those of a plan. */
  | {
      readonly is: 'expanded';
      readonly input: Json;
      readonly parts: readonly Part[];
      readonly steps?: readonly Step[] | undefined;
    }
  /** Nothing is to be done but to wait. */
  | { readonly is: 'waiting'; readonly input: Json; readonly wait: Wait }
  /** The step's condition does not hold. */
  | { readonly is: 'left-out'; readonly why: string }
  /** A check found the work wanting. */
  | { readonly is: 'wanting'; readonly feedback: Feedback; readonly failure: Failure; readonly cost: Cost };

/** The world outside a run, as one small port. Only `askPolicy` is synchronous, and it is pure. */
export interface Workshop {
  /** Never throws; what goes wrong is an outcome. */
  perform(task: StepTask, signal: AbortSignal): Promise<StepOutcome>;
  askPolicy(state: RunState, proposal: ProposalState): PolicyVerdict;
  prepareApply(state: RunState, proposal: ProposalState): Promise<PreparedApply>;
  completeApply(prepared: PreparedApply): Promise<void>;
  /** Whether a preparation that a crash interrupted had taken effect; if so it is brought to its end. */
  recoverApply(prepared: PreparedApply): Promise<boolean>;
}

/** Orders of the operator, durable until acknowledged. */
export interface OrderQueue {
  pending(): Promise<readonly RunOrder[]>;
  acknowledge(id: string): Promise<void>;
  onChange(listener: () => void): Disposable;
}

export interface EnginePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Pick<Journal, 'enqueue' | 'expectOurs'>;
  readonly orders: OrderQueue;
  readonly workshop: Workshop;
  /** Resolves at the time given, or when the signal aborts; never rejects. */
  sleepUntil(atMs: number, signal: AbortSignal): Promise<void>;
}
