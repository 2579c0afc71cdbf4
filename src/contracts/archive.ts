import type { JournalReading } from './runs.ts';

/**
 * `same`: it has just that journal. `behind`: the journal continues it. `ahead`: it continues the journal, as after a
 * fetch from where the run has gone on. `other`: neither does.
 */
export type ArchiveState = 'none' | 'same' | 'behind' | 'ahead' | 'other';

/**
 * Ended runs, kept in git, where they can be pushed, fetched, and read without their folder. What reads a run's folder
 * needs the run's lease, so that nothing is written to it meanwhile.
 */
export interface RunArchive {
  /** Ids of the archived runs, in no order. Looks at git again only when a ref has changed. */
  list(): Promise<ReadonlySet<string>>;
  /** Throws `run.missing` for a run without an archive, `journal.corrupt` for one that cannot be read at all. */
  read(run: string): Promise<JournalReading>;
  /** Another value whenever the run is archived anew. Throws `run.missing`. */
  stamp(run: string): Promise<string>;
  /** When the archived run was last recorded in, in milliseconds. Throws `run.missing`. */
  recordedAtMs(run: string): Promise<number>;
  /** How the archive stands to the journal in the run's folder. */
  compare(run: string): Promise<ArchiveState>;
  /**
   * Archives what is in the run's folder, which was last recorded in at `atMs`; free when the archive has it already.
   * Throws `run.archived` when the run has gone on in another clone: nothing of an archive is ever replaced.
   */
  keep(run: string, atMs: number): Promise<'kept' | 'unchanged'>;
  /** Makes the run's folder from the archive, as a whole or not at all; false when there is one already. */
  restore(run: string): Promise<boolean>;
  /** Removes the archive and every proposal of a run, the archive last. */
  forget(run: string): Promise<void>;
  /** Bytes on disk of what only Cairn's refs keep, and how many refs there are. */
  measure(): Promise<{ readonly bytes: number; readonly refs: number }>;
}

/** What a run's folder takes up. */
export interface FolderSize {
  readonly bytes: number;
  /** When its journal was last written, or brought back, in milliseconds. */
  readonly writtenAtMs: number;
}

/** The local folders of runs. */
export interface RunFolders {
  /** Runs that have a folder. */
  list(): Promise<readonly string[]>;
  /** Nothing when the run has no folder with a journal. */
  measure(run: string): Promise<FolderSize | undefined>;
  /**
   * Removes a run's folder as a whole; needs its lease, with the journal closed. False, and the folder stays, when the
   * operator has ordered something meanwhile.
   */
  remove(run: string): Promise<boolean>;
  /** Finishes removals that were cut short. */
  sweep(): Promise<void>;
}
