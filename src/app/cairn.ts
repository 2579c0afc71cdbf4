import type { ConnectorSecret } from './connector-secrets.ts';
import type { RunLook } from './find-left.ts';
import type { Keeping } from './keep-triggers.ts';
import type { Reverting } from './revert.ts';
import type { Answer, Retry } from './order-run.ts';
import type { Removal } from './prune-plan.ts';
import type { TriggerNews } from './trigger-rounds.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Failure, Place } from '../base/failure.ts';
import type { JsonObject } from '../base/json.ts';
import type { Finding } from '../contracts/check.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { MemoryHit, Note } from '../contracts/memory.ts';
import type { Cost, ProposalVersion, Verdict } from '../contracts/proposal.ts';
import type { RunState, RunStatus } from '../contracts/run.ts';
import type { Trigger } from '../contracts/trigger.ts';
import type { RunWait } from '../protocol/waits.ts';
import type { WorkflowInput } from '../contracts/workflow.ts';
import type { Replayed } from '../engine/replay.ts';
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
  /** Whether it is read from its archive: it has to be restored before it can go on here. */
  readonly archived: boolean;
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

/** What pruning has removed, or would. */
export interface Pruned {
  readonly dryRun: boolean;
  /** Folders of ended runs; their archives stay. */
  readonly folders: readonly Removal[];
  /** Runs whose archive and proposals are no longer kept in git either. */
  readonly forgotten: readonly string[];
  /** What the folders that stay take up. */
  readonly keptBytes: number;
  readonly limitBytes: number;
  readonly problems: readonly { readonly run: string; readonly failure: Failure }[];
}

export interface Examination {
  readonly check: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy?: string | undefined;
}

export interface TriggerSummary {
  readonly workflow: string;
  readonly workflowName: string;
  /** In words. */
  readonly trigger: string;
  readonly kind: Trigger['kind'];
  /** The workflow's file, and the trigger's line in it. */
  readonly at: Place;
  /** The next look that is known of; what waits for a change has none. */
  readonly nextMs?: number | undefined;
  /** Whether it has been looked at yet: what was there before that starts nothing. */
  readonly kept: boolean;
  readonly fired?: { readonly run: string; readonly atMs: number } | undefined;
  /** Runs that are due and could not be started yet. */
  readonly waiting: number;
  /** What was passed over last, in a sentence. */
  readonly note?: { readonly text: string; readonly atMs: number } | undefined;
  /** What keeps it from starting runs. */
  readonly problem?: Failure | undefined;
}

export interface TriggerListing {
  readonly triggers: readonly TriggerSummary[];
  /** Workflows whose triggers cannot be read. */
  readonly problems: readonly Failure[];
  /** The living process that keeps them, if there is one. */
  readonly keeper?: { readonly pid: number } | undefined;
}

export type { Keeping, RunLook, TriggerNews };
/** Where a fork begins, and on what. */
export interface ForkRequest {
  readonly run: string;
  /** A step that is done; the fork begins behind it. */
  readonly after?: string | undefined;
  /** The last record of the run that counts; the newest when neither this nor a step is given. */
  readonly at?: number | undefined;
  /** The definition that the run is pinned to, or the files as they are now. */
  readonly definition: 'pinned' | 'current';
  /** Inputs to be changed. */
  readonly inputs: JsonObject;
}

interface NamedStep {
  readonly step: string;
  readonly name: string;
}

interface NamedEffect {
  /** The step that delivers it. */
  readonly step: string;
  /** In words. */
  readonly effect: string;
}

interface AppliedProposal {
  /** `<run>/<n>` of the run that applied it. */
  readonly proposal: string;
  readonly commit: string;
}

/** What a fork keeps of the run that it comes from. */
export interface ForkOutline {
  readonly from: string;
  /** The last record of that run that counts. */
  readonly at: number;
  readonly kept: readonly NamedStep[];
  /** Ids of the steps that their parts go on carrying out, whether or not all of these are kept. */
  readonly expanded: readonly string[];
  readonly anew: readonly (NamedStep & { readonly why: string })[];
  /** Steps that the definition has none of any more. */
  readonly gone: readonly NamedStep[];
  /** Work of the kept steps that is on the branch. */
  readonly applied: readonly AppliedProposal[];
  /** What the other run has applied and the fork does not build on: behind the checkpoint, or by steps made anew. */
  readonly beyond: readonly AppliedProposal[];
  /** What the other run has sent and the fork does not build on: a fork that comes there sends it again. */
  readonly sent: readonly NamedEffect[];
  /** What the other run may have sent. */
  readonly inDoubt: readonly NamedEffect[];
}

export interface Forked extends ForkOutline {
  readonly run: string;
}

/** How a run's pinned definition differs from the files as they are now, and what migrating it would do. */
export interface Migration {
  readonly run: string;
  /** In words; none when there is no difference. */
  readonly changes: readonly string[];
  /** As a unified diff of canonical text. */
  readonly patch: string;
  /** Both definitions as canonical text. */
  readonly texts: { readonly pinned: string; readonly current: string };
  readonly outline: ForkOutline;
}

/** Whether the engine makes a run's records again, and where it does not. */
export type ReplayReport = Replayed & { readonly run: string; readonly message: string };

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
  /** Waits for the operator, who does a failed step by hand. */
  takeStep(run: string, step: string): Promise<void>;
  /** What may be edited of a step's input, as the next try would use it. */
  showInput(run: string, step: string): Promise<Readonly<Record<string, string>>>;
  stopRun(run: string): Promise<void>;
  /** The operator's choice where a step waits for it; refused where another attempt asks than was seen to. */
  answer(run: string, answer: Answer): Promise<void>;
  /** Tells a run that an event has happened which it waits for, now or later. */
  signal(run: string, signal: { readonly event: string; readonly text: string }): Promise<void>;
  /** Brings an archived run back, so that it can go on here; false when it is here. */
  restoreRun(run: string): Promise<boolean>;
  /** Archives ended runs of processes that died before they had. */
  archiveEnded(): Promise<void>;
  /** Removes what the retention policy lets go of runs that are over; with `dryRun` it only tells. */
  prune(options: { readonly dryRun: boolean }): Promise<Pruned>;
  /** Starts a run from what another had done up to a checkpoint; `driveRun` then goes on with it. */
  forkRun(request: ForkRequest): Promise<Forked>;
  /** Executes a run once more over its journal: no model is asked, nothing is written. */
  replayRun(run: string): Promise<ReplayReport>;
  /** How a run that is under way would go on with the definition as it is now. */
  planMigration(run: string): Promise<Migration>;
  /** Stops a run and forks it on the current definition; `driveRun` then goes on with the new one. */
  migrateRun(run: string, signal: AbortSignal): Promise<Forked>;
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
  /** Starts a run that takes back what a run or a proposal has done. */
  revert(target: string): Promise<Reverting>;

  /**
   * Keeps the company's triggers until it is interrupted: starts what is due, sleeps until the next is, and waits while
   * another process keeps them. Whoever asks drives the runs that it tells of.
   */
  keepTriggers(keeping: Keeping): Promise<void>;
  /** One look at the triggers; `held` when another process keeps them. What is being written is waited for. */
  lookAtTriggers(signal: AbortSignal): Promise<readonly TriggerNews[] | 'held'>;
  listTriggers(): Promise<TriggerListing>;
  /** The secrets that connectors name, and whether they are set here; never a value. */
  listSecrets(): Promise<readonly ConnectorSecret[]>;

  searchMemory(text: string, limit: number): Promise<readonly MemoryHit[]>;
  listNotes(): Promise<{ readonly notes: readonly Note[]; readonly problems: readonly Failure[] }>;

  /** Checks of the machine and the company, for `cairn doctor`. */
  examine(): Promise<readonly Examination[]>;
}
