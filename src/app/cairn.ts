import type { RunLook } from './find-left.ts';
import type { Retry } from './order-run.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Failure } from '../base/failure.ts';
import type { JsonObject } from '../base/json.ts';
import type { Finding } from '../contracts/check.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { MemoryHit, Note } from '../contracts/memory.ts';
import type { Cost, ProposalVersion, Verdict } from '../contracts/proposal.ts';
import type { RunState, RunStatus } from '../contracts/run.ts';
import type { RunWait } from '../protocol/waits.ts';
import type { WorkflowInput } from '../contracts/workflow.ts';
import type { StepDetail, TimelineView } from '../protocol/timeline.ts';

export interface WorkflowListing {
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputs: Readonly<Record<string, WorkflowInput>>;
  readonly path: string;
}

export interface RunSummary {
  readonly id: string;
  readonly workflow: string;
  readonly workflowName: string;
  readonly status: RunStatus;
  /** Whether it could go on without a decision: a process is at it, or has left it. */
  readonly canGoOn: boolean;
  /** When time alone moves it on. */
  readonly wakesAtMs?: number | undefined;
  /** What its steps wait for, that which asks for the operator first. */
  readonly waits: readonly RunWait[];
  /** Names of the steps that come next. */
  readonly next: readonly string[];
  /** How often its open gates have reminded of their questions. */
  readonly reminders: number;
  /** Whether it could go on, and the process that executed it is gone. */
  readonly left: boolean;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  readonly cost: Cost;
  readonly model: string;
  readonly openProposals: number;
  /** Steps done and in all. */
  readonly progress: { readonly done: number; readonly of: number };
}

/** What the lists of runs show: the readable ones, and what is wrong with the others. */
export interface RunListing {
  readonly runs: readonly RunSummary[];
  readonly problems: readonly { readonly run: string; readonly failure: Failure }[];
}

export interface ProposalSummary {
  /** `<run>/<n>` */
  readonly id: string;
  readonly run: string;
  readonly workflowName: string;
  readonly step: string;
  readonly stepName: string;
  readonly status: string;
  /** Whether its gate is open, so that a decision is asked for now. */
  readonly awaiting: boolean;
  readonly createdAtMs: number;
  readonly current: ProposalVersion;
  readonly versions: number;
  readonly findings: readonly Finding[];
  /** Why its approval could not be applied yet. */
  readonly blocked?: Failure | undefined;
}

export interface DecideRequest {
  /** Ids as people write them: `<run>/<n>`, or an unambiguous end of the run's id with `/n`. */
  readonly proposals: readonly string[];
  readonly verdict: Verdict;
  readonly comment?: string | undefined;
  /** The versions that the operator has seen, by id; a newer one is not decided but refused. */
  readonly seen?: Readonly<Record<string, string>> | undefined;
}

export interface Decided {
  readonly id: string;
  readonly commit: string;
}

/** How far a run was driven. `held`: another process executes it. */
export type Driven = 'waiting' | 'ended' | 'interrupted' | 'held';

export interface Examination {
  readonly check: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy?: string | undefined;
}

export type { RunLook };

/** A company, open: what every shell works with. Every method may throw `AppError`. */
export interface Cairn extends Disposable {
  readonly root: string;
  /** Fires with a run's id when that run has changed, by whatever process; for one run, if it is given. */
  readonly onDidChangeRun: (listener: (run: string) => void, only?: string) => Disposable;

  listWorkflows(): Promise<{
    readonly workflows: readonly WorkflowListing[];
    readonly problems: readonly Failure[];
  }>;
  /** Everything wrong with the company's own files; `file` is relative to the company. */
  checkCompany(): Promise<readonly Failure[]>;

  /** Pins the definition and journals the start; `driveRun` then executes it. Returns the run's id. */
  startRun(request: { workflow: string; inputs: JsonObject; trigger: string }): Promise<string>;
  /** Executes a run until it waits or ends. */
  driveRun(run: string, signal: AbortSignal): Promise<Driven>;
  /** Runs that could go on without a decision and that no living process executes. */
  findLeft(): Promise<readonly string[]>;
  /** Whether one run is such a run, somebody is at it, or it waits or is over. */
  lookAtRun(run: string): Promise<RunLook>;
  /** Tries a failed run's failed steps again: all, or one, with what is edited of its input. */
  retryRun(run: string, retry?: Retry): Promise<void>;
  /** Goes on without a step that has failed; the reason is kept. */
  skipStep(run: string, skip: { readonly step: string; readonly why: string }): Promise<void>;
  /** What may be edited of a step's input, as the next try would use it. */
  showInput(run: string, step: string): Promise<Readonly<Record<string, string>>>;
  stopRun(run: string): Promise<void>;
  /** The operator's choice where a step waits for it. */
  answer(run: string, answer: { readonly step: string; readonly choice: string }): Promise<void>;
  /** Tells a run that an event has happened which it waits for, now or later. */
  signal(run: string, signal: { readonly event: string; readonly text: string }): Promise<void>;
  /** A run's id from an unambiguous part of it, as people type it. */
  findRun(part: string): Promise<string>;
  listRuns(): Promise<RunListing>;
  showRun(run: string): Promise<RunState>;
  showJournal(run: string): Promise<readonly JournalRecord[]>;
  showTimeline(run: string): Promise<TimelineView>;
  showStep(run: string, step: string): Promise<StepDetail>;

  /** Every proposal that is not over, of one run if it is given. */
  listProposals(run?: string): Promise<readonly ProposalSummary[]>;
  showProposal(id: string): Promise<ProposalSummary>;
  /** A file as it is on one side of a proposal; nothing when it does not exist there. */
  readProposalFile(id: string, commit: string, path: string): Promise<Uint8Array | undefined>;
  /** A proposal's changes as a unified diff, for where there is no diff editor. */
  showDiff(id: string): Promise<string>;
  /** Hands decisions to the runs, durably. The run goes on by `driveRun`, or where it is being executed. */
  decide(request: DecideRequest): Promise<readonly Decided[]>;
  /** Starts a run that proposes the inverse of what a run or a proposal has applied; returns its id. */
  revert(target: string): Promise<string>;

  searchMemory(text: string, limit: number): Promise<readonly MemoryHit[]>;
  listNotes(): Promise<{ readonly notes: readonly Note[]; readonly problems: readonly Failure[] }>;

  /** Checks of the machine and the company, for `cairn doctor`. */
  examine(): Promise<readonly Examination[]>;
}
