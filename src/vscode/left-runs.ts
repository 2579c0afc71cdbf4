import type { Disposable } from '../base/disposable.ts';

/** Death tells nobody: a run is looked at this often, and taken over at the second look. */
const LOOK_MS = 400;

export interface LeftRunsOptions {
  /** Runs that may have been left: those that are under way, and are not executed by this window. */
  readonly candidates: () => readonly string[];
  /** Whether a run could go on and no living process executes it. */
  readonly isLeft: (run: string) => Promise<boolean>;
  readonly takeOver: (run: string) => void;
  readonly onError: (thrown: unknown) => void;
}

/**
 * Finds runs whose process has died, or that were given an order while nobody executed them. A run that is left at
 * two looks in a row is taken over; at one look alone, it may just be on its way from its start to its executor.
 */
export class LeftRuns implements Disposable {
  readonly #options: LeftRunsOptions;
  readonly #timer: NodeJS.Timeout;
  /** Runs to look at besides the candidates: they have changed. */
  readonly #changed = new Set<string>();
  #left: ReadonlySet<string> = new Set();
  #looking = false;

  constructor(options: LeftRunsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  /** Has a run looked at, whatever the lists say of it. */
  add(run: string): void {
    this.#changed.add(run);
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const runs = new Set([...this.#options.candidates(), ...this.#changed, ...this.#left]);
      this.#changed.clear();
      const left = new Set<string>();
      for (const run of runs) if (await this.#isLeft(run)) left.add(run);
      for (const run of left) if (this.#left.has(run)) this.#options.takeOver(run);
      this.#left = left;
    } finally {
      this.#looking = false;
    }
  }

  /** A run that cannot be read, or is gone by now, keeps the others from nothing. */
  async #isLeft(run: string): Promise<boolean> {
    try {
      return await this.#options.isLeft(run);
    } catch (thrown) {
      this.#options.onError(thrown);
      return false;
    }
  }
}
