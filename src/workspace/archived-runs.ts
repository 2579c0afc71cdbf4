import { AppError, type Failure } from '../base/failure.ts';
import type { Disposable } from '../base/disposable.ts';
import { runFailures } from '../base/failures/runs.ts';
import type { RunArchive } from '../contracts/archive.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { JournalReading, RunLease, RunOrder, RunStore, Snapshots } from '../contracts/runs.ts';

/**
 * A store of runs in which those that have no folder are read from their archive. They cannot go on: whatever would
 * record or order something of them throws `run.archived`.
 */
export function withArchive(here: RunStore, archive: RunArchive): RunStore {
  return new RunsAndArchive(here, archive);
}

class RunsAndArchive implements RunStore {
  readonly #here: RunStore;
  readonly #archive: RunArchive;

  constructor(here: RunStore, archive: RunArchive) {
    this.#here = here;
    this.#archive = archive;
  }

  async create(run: string): Promise<boolean> {
    return !(await this.#archive.list()).has(run) && (await this.#here.create(run));
  }

  async list(): Promise<readonly string[]> {
    const runs = new Set([...(await this.#here.list()), ...(await this.#archive.list())]);
    return [...runs].toSorted().toReversed();
  }

  /** A folder whose journal is gone hides no archive. */
  async read(run: string, restore?: Snapshots['restore']): Promise<JournalReading> {
    const reading = await this.#orArchived(
      run,
      () => this.#here.read(run, restore),
      () => this.#archive.read(run),
    );
    const isSound = (reading.records.length > 0 || reading.restored) && !reading.corrupt;
    if (isSound || reading.archived || !(await this.#isArchived(run))) return reading;
    return reading.corrupt ? withRemedy(run, reading, reading.corrupt) : this.#archive.read(run);
  }

  async stamp(run: string): Promise<string> {
    const fromArchive = async () => `archive ${await this.#archive.stamp(run)}`;
    const stamp = await this.#orArchived(run, () => this.#here.stamp(run), fromArchive);
    return stamp === '' && (await this.#isArchived(run)) ? fromArchive() : stamp;
  }

  lease(
    run: string,
    onRecord?: (record: JournalRecord) => void,
    snapshots?: Snapshots,
  ): Promise<RunLease | 'held'> {
    return this.#orArchived(
      run,
      () => this.#here.lease(run, onRecord, snapshots),
      () => refuse(run),
    );
  }

  isHeld(run: string): Promise<boolean> {
    return this.#orArchived(
      run,
      () => this.#here.isHeld(run),
      async () => false,
    );
  }

  order(run: string, order: RunOrder): Promise<void> {
    return this.#orArchived(
      run,
      () => this.#here.order(run, order),
      () => refuse(run),
    );
  }

  orders(run: string): Promise<readonly RunOrder[]> {
    return this.#orArchived(
      run,
      () => this.#here.orders(run),
      async () => [],
    );
  }

  acknowledge(run: string, order: string): Promise<void> {
    return this.#orArchived(
      run,
      () => this.#here.acknowledge(run, order),
      async () => undefined,
    );
  }

  onOrder(run: string, listener: () => void): Disposable {
    return this.#here.onOrder(run, listener);
  }

  watch(listener: (run: string) => void, only?: string): Disposable {
    return this.#here.watch(listener, only);
  }

  /** What is here is looked for first, so that it costs nothing more than without an archive. */
  async #orArchived<T>(run: string, here: () => Promise<T>, archived: () => Promise<T>): Promise<T> {
    try {
      return await here();
    } catch (thrown) {
      const isMissing = thrown instanceof AppError && thrown.code === 'run.missing';
      if (!isMissing || !(await this.#isArchived(run))) throw thrown;
      return await archived();
    }
  }

  async #isArchived(run: string): Promise<boolean> {
    return (await this.#archive.list()).has(run);
  }
}

/** What is damaged here is whole in git; what is too new for this Cairn is so there as well. */
function withRemedy(run: string, reading: JournalReading, corrupt: Failure): JournalReading {
  if (corrupt.code !== 'journal.corrupt') return reading;
  const remedy = `Git has an archive of the run, as it was when it last ended: delete .cairn/runs/${run} to go by that.`;
  return { ...reading, corrupt: { ...corrupt, remedy } };
}

async function refuse(run: string): Promise<never> {
  throw runFailures.archived(run);
}
