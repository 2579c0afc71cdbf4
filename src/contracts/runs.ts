import type { Journal, JournalRecord } from './journal.ts';
import type { Verdict } from './proposal.ts';
import type { Occurrence } from './trigger.ts';
import type { Failure } from '../base/failure.ts';
import type { Disposable } from '../base/disposable.ts';

/** A decision on its way to the process that executes the run. Durable before it is acknowledged. */
export interface DecisionRequest {
  readonly id: string;
  readonly n: number;
  readonly version: number;
  readonly commit: string;
  readonly verdict: Verdict;
  readonly who: string;
  readonly comment?: string | undefined;
}

/** Another try: of one step with what was edited of its input, or of all that have failed. */
export interface RetryRequest {
  readonly id: string;
  readonly who: string;
  readonly step?: string | undefined;
  readonly with?: Readonly<Record<string, string>> | undefined;
}

/** Going on without a step that has failed. */
export interface SkipRequest {
  readonly id: string;
  readonly who: string;
  readonly step: string;
  readonly why: string;
}

/** A step that has failed, done by the operator's own hand. */
export interface TakeRequest {
  readonly id: string;
  readonly who: string;
  readonly step: string;
}

/** The operator's choice where a step waits for it. */
export interface AnswerRequest {
  readonly id: string;
  readonly who: string;
  readonly step: string;
  readonly choice: string;
  /** The attempt that asked: another question of the step is not answered by it. */
  readonly attempt?: number | undefined;
}

/** Something has happened outside. */
export interface SignalRequest {
  readonly id: string;
  readonly who: string;
  readonly event: string;
  readonly text: string;
}

/** What a step waits for has come: a version of a file, or a connector's item. */
export interface OccurrenceRequest {
  readonly id: string;
  readonly who: string;
  readonly step: string;
  /** The attempt that waits: another one of the step is not ended by it. */
  readonly attempt: number;
  readonly occurrence: Occurrence;
  /** Whether others than the operator put it there. */
  readonly outside: boolean;
}

/** The end of a run, whatever it is at. */
export interface StopRequest {
  readonly id: string;
  readonly who: string;
  readonly why?: string | undefined;
}

/** An order to a run: the operator's, or that of what has come. */
export type RunOrder =
  | ({ readonly kind: 'decide' } & DecisionRequest)
  | ({ readonly kind: 'retry' } & RetryRequest)
  | ({ readonly kind: 'skip' } & SkipRequest)
  | ({ readonly kind: 'take' } & TakeRequest)
  | ({ readonly kind: 'answer' } & AnswerRequest)
  | ({ readonly kind: 'signal' } & SignalRequest)
  | ({ readonly kind: 'occur' } & OccurrenceRequest)
  | ({ readonly kind: 'stop' } & StopRequest);

/** What was read of a journal. A torn tail is cut; a corrupt middle leaves what came before it and says why. */
export interface JournalReading {
  readonly records: readonly JournalRecord[];
  readonly corrupt?: Failure | undefined;
  /** Whether it was read from the run's archive, because its folder is not here: it has to be restored to go on. */
  readonly archived?: true | undefined;
  /** Whether a snapshot was gone on from: then these are the records behind it alone. */
  readonly restored?: true | undefined;
}

/**
 * A run's state after record `at`, as texts whose meaning is the engine's: a cache, so that a long journal need not be
 * folded anew. A text is made, or read, when it is asked for.
 */
export interface RunSnapshot {
  readonly at: number;
  readonly texts: readonly (() => string)[];
}

/** Whoever folds a run's records. */
export interface Snapshots {
  /** Goes on from a snapshot, in place of the records that led to it; answers whether it could. */
  restore(snapshot: RunSnapshot): boolean;
  /** The state as it is now; what is recorded later does not change it. */
  keep(): RunSnapshot | undefined;
}

/** The one process that may append to a run's journal. */
export interface RunLease {
  readonly epoch: number;
  readonly journal: Journal;
  release(): Promise<void>;
}

/** Runs on disk. Any process may read and order; one at a time executes (promise P9). */
export interface RunStore {
  /** Creates the run's folder; false when the id is taken. */
  create(run: string): Promise<boolean>;
  /** Ids, newest first. */
  list(): Promise<readonly string[]>;
  /** With `restore`, what has come since a snapshot that fits is read alone; `restore` goes on from that. */
  read(run: string, restore?: Snapshots['restore']): Promise<JournalReading>;
  /** Another value whenever the journal has grown or was cut; costs the same however long it is. */
  stamp(run: string): Promise<string>;
  /**
   * Takes the run for this process, or answers `held` when a living one has it. `onRecord` is given the journal, record
   * by record, so that a long one need not be kept to be gone on with; and with `snapshots`, what has come since one
   * that fits alone. Then it also keeps some, when much was recorded and at the release.
   */
  lease(
    run: string,
    onRecord?: (record: JournalRecord) => void,
    snapshots?: Snapshots,
  ): Promise<RunLease | 'held'>;
  /** Whether a living process has the run. */
  isHeld(run: string): Promise<boolean>;
  /** Puts an order down, fsynced; the executing process picks it up. */
  order(run: string, order: RunOrder): Promise<void>;
  /** Orders not yet taken, oldest first. */
  orders(run: string): Promise<readonly RunOrder[]>;
  /** Removes an order once its outcome is in the journal. */
  acknowledge(run: string, order: string): Promise<void>;
  /** Fires when orders to a run may have come; cheaper for its executor than hearing of its own records. */
  onOrder(run: string, listener: () => void): Disposable;
  /** Fires with a run's id when its journal or its orders change, by whatever process; for one run, if it is given. */
  watch(listener: (run: string) => void, only?: string): Disposable;
}
