import type { Agent } from './agent.ts';
import type { SpentBudget } from './budget.ts';
import type { Feedback } from './model.ts';
import type { Policy } from './policy.ts';
import type { Cost, Decision, ProposalVersion } from './proposal.ts';
import type { PreparedApply } from './repository.ts';
import type { Delivery, Sending } from './sending.ts';
import type { Watch } from './trigger.ts';
import type { Part, Step, Workflow } from './workflow.ts';
import type { Failure } from '../base/failure.ts';
import type { Json, JsonObject } from '../base/json.ts';

/** What a run is pinned to when it starts. Plain data, so that it can be journaled. */
export interface Definition {
  readonly workflow: Workflow;
  /** The workflows that it calls, and those that they call, by id. */
  readonly workflows?: Readonly<Record<string, Workflow>> | undefined;
  readonly agents: readonly Agent[];
  readonly policy: Policy;
  /** AGENTS.md as it was. */
  readonly rules: string;
  /** Texts of the prompt files that steps name, by file name. */
  readonly prompts: Readonly<Record<string, string>>;
}

/** A place in the run's numbering of proposals. */
export interface ProposalSlot {
  readonly n: number;
  readonly version: number;
}

/** Where a fork comes from. */
export interface ForkOrigin {
  readonly run: string;
  /** The last record of that run that counts. */
  readonly at: number;
  /** How many of its records were taken over. */
  readonly records: number;
}

export interface Attempt {
  readonly number: number;
  /** Idempotency key. */
  readonly key: string;
  /** Where its proposal goes, if it makes one. */
  readonly slot?: ProposalSlot | undefined;
  readonly startedAtMs: number;
  readonly endedAtMs?: number | undefined;
  readonly failure?: Failure | undefined;
  readonly cost: Cost;
}

export interface SourceRef {
  readonly id: string;
  readonly title: string;
  readonly uri: string;
  readonly untrusted: boolean;
}

/** What a step left behind when it completed. */
export interface StepResult {
  readonly input: Json;
  readonly output: Json;
  readonly model?: string | undefined;
  readonly sources: readonly SourceRef[];
  readonly proposal?: number | undefined;
}

export type StepStatus =
  | { readonly is: 'pending' }
  | { readonly is: 'running' }
  | { readonly is: 'retrying'; readonly atMs: number }
  | { readonly is: 'waiting'; readonly for: 'decision' }
  | ({ readonly is: 'waiting' } & Wait)
  /** Carried out by the steps of its parts; done when they are. */
  | { readonly is: 'expanded' }
  | { readonly is: 'succeeded'; readonly result: StepResult }
  | { readonly is: 'failed'; readonly failure: Failure }
  /** Gone on without: by the operator, or by `workflow` for its condition. */
  | { readonly is: 'skipped'; readonly by: string; readonly why: string };

/** What a step waits for that is no gate. After `untilMs` it answers `otherwise`, or fails where it has none. */
export type Wait =
  | { readonly for: 'time'; readonly untilMs: number }
  | ({ readonly for: 'event'; readonly event: string } & Expiry)
  | OccurrenceWait
  | ({ readonly for: 'answer'; readonly question: string; readonly options: readonly string[] } & Expiry &
      About);

/** A version of a file or an item that was not there when the wait began. */
export type OccurrenceWait = {
  readonly for: 'occurrence';
  readonly watch: Watch;
  /** Digests of those that were. */
  readonly known: readonly string[];
} & Expiry;

/**
 * What else is told of a question: the key of an effect that may have happened, the budget that is spent, or that the
 * operator does the step by hand.
 */
interface About {
  readonly byHand?: boolean | undefined;
  readonly key?: string | undefined;
  readonly budget?: SpentBudget | undefined;
}

interface Expiry {
  readonly untilMs?: number | undefined;
  readonly otherwise?: string | undefined;
}

export interface StepState {
  readonly id: string;
  /** Its definition. An expanded step also needs the steps of its parts. */
  readonly step: Step;
  readonly status: StepStatus;
  readonly attempts: readonly Attempt[];
  /** How often this step (a check) sent work back. */
  readonly sentBack: number;
  /** What the next attempt has to heed. */
  readonly feedback: readonly Feedback[];
  /** Attempts used up before the last hand-back; a fresh start gets fresh tries. */
  readonly attemptsBefore: number;
  /** What carries it out, once it is expanded. */
  readonly parts: readonly Part[];
  /** What the operator has edited of its input, by name. */
  readonly edits: Readonly<Record<string, string>>;
}

export type ProposalStatus =
  | { readonly is: 'open' }
  | { readonly is: 'approved'; readonly decision: Decision; readonly blocked?: Failure | undefined }
  | {
      readonly is: 'applying';
      readonly decision: Decision;
      readonly prepared: PreparedApply;
      /** Whether the branch moved is not known for sure, or its files could not follow. */
      readonly blocked?: Failure | undefined;
    }
  | { readonly is: 'applied'; readonly decision: Decision; readonly commit: string }
  | { readonly is: 'rejected'; readonly decision: Decision }
  /** Another version is being made. */
  | { readonly is: 'revising'; readonly why: string }
  /** Closed without a decision: what it builds on went away, or the run ended. */
  | { readonly is: 'withdrawn'; readonly why: string };

/** Why an approved proposal could not be applied, until it is tried again. */
export function blockOf(status: ProposalStatus): Failure | undefined {
  return status.is === 'approved' || status.is === 'applying' ? status.blocked : undefined;
}

export interface ProposalState {
  readonly n: number;
  readonly step: string;
  readonly status: ProposalStatus;
  /** Oldest first; the last one is what a decision is about. */
  readonly versions: readonly ProposalVersion[];
  readonly createdAtMs: number;
}

/** What a waiting gate asks about. */
export interface GateOpening {
  readonly openedAtMs: number;
  readonly question: string;
  readonly proposals: readonly number[];
  readonly remindEveryMs?: number | undefined;
  /** How often the operator was reminded. */
  readonly reminders: number;
  /** When they were last. */
  readonly remindedAtMs?: number | undefined;
  /** Until when it waits, and what is decided then; without that it fails. */
  readonly untilMs?: number | undefined;
  readonly otherwise?: 'approve' | 'reject' | undefined;
}

/** Something that has happened outside, as the operator or a program has told the run. */
export interface Signal {
  readonly atMs: number;
  readonly by: string;
  readonly text: string;
}

export type RunStatus =
  | { readonly is: 'running' }
  | { readonly is: 'waiting'; readonly for: string }
  | { readonly is: 'succeeded' }
  | { readonly is: 'failed'; readonly step?: string | undefined; readonly failure: Failure }
  | { readonly is: 'stopped'; readonly why: string; readonly by: string };

/** A run's state: the fold of its journal (promise P5). */
export interface RunState {
  readonly id: string;
  readonly definition: Definition;
  readonly definitionHash: string;
  readonly inputs: JsonObject;
  /** What started it, in words; `manual` by hand. */
  readonly trigger: string;
  /** Inputs that hold text from outside. */
  readonly outside: readonly string[];
  /** The runs that led to this one, oldest first, each by what it has applied. */
  readonly after: readonly string[];
  readonly forked?: ForkOrigin | undefined;
  readonly by: string;
  readonly model: string;
  readonly status: RunStatus;
  /** In the order of the workflow; steps of parts come behind, in the order in which they were added. */
  readonly steps: ReadonlyMap<string, StepState>;
  readonly proposals: ReadonlyMap<number, ProposalState>;
  /** The next free proposal number. */
  readonly nextProposal: number;
  /** The gates that wait, by step. */
  readonly gates: ReadonlyMap<string, GateOpening>;
  /** What was done outside, by its key: nothing is done again for the same decision. */
  readonly delivered: ReadonlyMap<string, Delivery>;
  /** Effects that may have left: they are under way, or it is not known what came of them. By the attempt's key. */
  readonly doubts: ReadonlyMap<string, Sending>;
  /** Ids of the orders that were obeyed: none is obeyed twice. */
  readonly obeyed: ReadonlySet<string>;
  /** What has happened outside, by the event's name; the latest of each. */
  readonly signals: ReadonlyMap<string, Signal>;
  readonly cost: Cost;
  /** How many attempts were begun, but for those that met an outage that was known. */
  readonly attempts: number;
  /** What budgets were raised by in this run; `null` takes the limit away. */
  readonly raised: ReadonlyMap<string, number | null>;
  readonly tainted: boolean;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** Sequence number of the last record folded. */
  readonly at: number;
}
