import { join } from 'node:path';
import { toFailure, type Failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Snapshots } from '../contracts/runs.ts';
import type { JournalWriter } from './journal-writer.ts';
import { snapshotFile, writeSnapshot } from './snapshot-file.ts';

export interface KeeperOptions {
  readonly folder: string;
  readonly keep: Snapshots['keep'];
  /** How much of the journal the snapshot is of that is there already. */
  readonly keptBytes: number;
  readonly onProblem: (failure: Failure) => void;
}

/**
 * Keeps snapshots of a run beside its executor, one at a time, of what is on disk alone. While the run is executed they
 * come as the journal grows by a share of itself, so that all of them together cost a fixed share of the run; at rest
 * there is time for the newest one.
 */
export class SnapshotKeeper {
  readonly #options: KeeperOptions;
  #keptBytes: number;
  #writing: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#keptBytes = options.keptBytes;
  }

  /** Begins a snapshot, if it is worth it; the next flush asks again. */
  look(journal: JournalWriter): void {
    this.#begin(journal, Math.max(limits.snapshotBytes, this.#keptBytes * limits.snapshotShare));
  }

  /** Resolves when nothing is being written any more. */
  async rest(journal: JournalWriter): Promise<void> {
    await this.#writing;
    this.#begin(journal, limits.snapshotBytes);
    await this.#writing;
  }

  #begin(journal: JournalWriter, worthBytes: number): void {
    if (this.#writing || journal.bytes - this.#keptBytes < worthBytes) return;
    const head = journal.head;
    const snapshot = head && this.#options.keep();
    if (!head || snapshot?.at !== head.point.n) return;
    // One that cannot be written is tried again no sooner than the next one is due.
    this.#keptBytes = head.point.bytes;
    this.#writing = writeSnapshot(join(this.#options.folder, snapshotFile), head, snapshot)
      .catch((thrown: unknown) => this.#options.onProblem(toFailure(thrown)))
      .finally(() => (this.#writing = undefined));
  }
}
