import { appFailures } from '../base/failures/app.ts';
import { AppError, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { RunStore } from '../contracts/runs.ts';
import { RunFold } from '../engine/fold.ts';
import type { Folding } from '../engine/folding.ts';

/** A run as it was read: its state, and the records it is the fold of. */
export interface RunReading {
  readonly state: Folding;
  readonly records: readonly JournalRecord[];
  /** Whether its folder is not here, so that it cannot go on. */
  readonly archived: boolean;
}

interface Kept {
  readonly stamp: string;
  readonly reading: Promise<RunReading>;
}

/** Reads runs, and keeps what it read for as long as the journal stays the same. */
export class RunReader {
  readonly #runs: RunStore;
  readonly #kept = new Map<string, Kept>();

  constructor(runs: RunStore) {
    this.#runs = runs;
  }

  /** Throws `run.missing`, `journal.corrupt`, `journal.newer`. */
  async read(run: string): Promise<RunReading> {
    const stamp = await this.#runs.stamp(run);
    const kept = this.#kept.get(run);
    if (kept?.stamp === stamp) return kept.reading;
    const reading = this.#readAnew(run);
    this.#kept.set(run, { stamp, reading });
    reading.catch(() => this.#kept.delete(run));
    return reading;
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

  async #readAnew(run: string): Promise<RunReading> {
    const { records, corrupt, archived = false } = await this.#runs.read(run);
    if (corrupt) throw new AppError(corrupt);
    const { state } = new RunFold(run, records);
    if (!state) throw appFailures.runMissing(run);
    return { state, records, archived };
  }
}
