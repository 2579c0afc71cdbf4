import { appFailures } from '../base/failures/app.ts';
import { AppError, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { RunStore, Snapshots } from '../contracts/runs.ts';
import { RunFold } from '../engine/fold.ts';
import type { Folding } from '../engine/folding.ts';

/** A run as it was read. */
export interface RunReading {
  readonly state: Folding;
  /** Whether its folder is not here, so that it cannot go on. */
  readonly archived: boolean;
}

/** A run as it was read, with all records that its state is the fold of. */
export interface WholeReading extends RunReading {
  readonly records: readonly JournalRecord[];
}

interface Kept<T> {
  readonly stamp: string;
  readonly reading: Promise<T>;
}

/** Reads runs, and keeps what it read for as long as the journal stays the same. */
export class RunReader {
  readonly #runs: RunStore;
  readonly #kept = new Map<string, Kept<RunReading>>();
  readonly #keptWhole = new Map<string, Kept<WholeReading>>();

  constructor(runs: RunStore) {
    this.#runs = runs;
  }

  /** Throws `run.missing`, `journal.corrupt`, `journal.newer`. */
  async read(run: string): Promise<RunReading> {
    const readState = async () => {
      const fold = new RunFold(run);
      const { records, archived } = await this.#journalOf(run, (snapshot) => fold.restore(snapshot));
      for (const record of records) fold.apply(record);
      return { state: started(fold), archived };
    };
    return this.#once(run, [this.#kept, this.#keptWhole], readState);
  }

  /** Costs what the whole journal costs, even if there is a snapshot. Throws as `read` does. */
  async readWhole(run: string): Promise<WholeReading> {
    const readRecords = async () => {
      const { records, archived } = await this.#journalOf(run);
      return { state: started(new RunFold(run, records)), records, archived };
    };
    return this.#once(run, [this.#keptWhole], readRecords);
  }

  /** Every run, newest first, and what is wrong with those that cannot be read. */
  async readAll(
    limit: number,
  ): Promise<{ readings: RunReading[]; problems: { run: string; failure: Failure }[] }> {
    const readings: RunReading[] = [];
    const problems: { run: string; failure: Failure }[] = [];
    for (const run of (await this.#runs.list()).slice(0, limit)) {
      try {
        readings.push(await this.read(run));
      } catch (thrown) {
        const failure = toFailure(thrown);
        // A process that died before the first record left a folder and no run.
        if (failure.code !== 'run.missing') problems.push({ run, failure });
      }
    }
    readings.sort((a, b) => b.state.startedAtMs - a.state.startedAtMs);
    return { readings, problems };
  }

  /** A run's id from an unambiguous part of it. Throws `run.missing`, `usage`. */
  async find(part: string): Promise<string> {
    const runs = await this.#runs.list();
    if (runs.includes(part)) return part;
    const fitting = runs.filter((run) => run.endsWith(part));
    const found = fitting.length > 0 ? fitting : runs.filter((run) => run.includes(part));
    if (part === '' || found[0] === undefined) throw appFailures.runMissing(part);
    if (found.length > 1) throw appFailures.runAmbiguous(part, found);
    return found[0];
  }

  /** What was read before if the journal is still the same, else what `read` reads, which goes into the first map. */
  async #once<T>(
    run: string,
    [own, ...others]: readonly [Map<string, Kept<T>>, ...ReadonlyMap<string, Kept<T>>[]],
    read: () => Promise<T>,
  ): Promise<T> {
    const stamp = await this.#runs.stamp(run);
    const kept = [own, ...others].map((all) => all.get(run)).find((one) => one?.stamp === stamp);
    if (kept) return kept.reading;
    const reading = read();
    own.set(run, { stamp, reading });
    reading.catch(() => own.delete(run));
    return reading;
  }

  async #journalOf(run: string, restore?: Snapshots['restore']) {
    const { records, corrupt, archived = false } = await this.#runs.read(run, restore);
    if (corrupt) throw new AppError(corrupt);
    return { records, archived };
  }
}

function started({ run, state }: RunFold): Folding {
  if (!state) throw appFailures.runMissing(run);
  return state;
}
