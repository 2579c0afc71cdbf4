import type { RunLook } from './cairn.ts';
import type { Disposable } from '../base/disposable.ts';

/** Death tells nobody: a run is looked at this often, and taken over at the second look. */
const LOOK_MS = 400;
/** A run that was taken over and is left all the same is left alone for a while, each time for longer. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

export interface LeftRunsOptions {
  /** Runs that could go on, and are not executed by this window. */
  readonly candidates: () => readonly string[];
  readonly look: (run: string) => Promise<RunLook>;
  readonly takeOver: (run: string) => void;
  readonly onError: (thrown: unknown) => void;
}

interface Rest {
  readonly untilMs: number;
  readonly waitMs: number;
}

/**
 * Finds runs whose process has died, or that were given an order while nobody executed them. A run that is left at
 * two looks in a row is taken over; at one look alone, it may just be on its way from its start to its executor.
 */
export class LeftRuns implements Disposable {
  readonly #options: LeftRunsOptions;
  readonly #timer: NodeJS.Timeout;
  /** Runs to look at besides the candidates: they have changed, and were busy ever since. */
  readonly #changed = new Set<string>();
  readonly #resting = new Map<string, Rest>();
  #left: ReadonlySet<string> = new Set();
  #looking = false;

  constructor(options: LeftRunsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#lookAtAll(), LOOK_MS);
  }

  /** Has a run looked at, whatever the lists say of it. */
  add(run: string): void {
    this.#changed.add(run);
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  async #lookAtAll(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const left = new Set<string>();
      for (const run of new Set([...this.#options.candidates(), ...this.#changed, ...this.#left])) {
        const look = await this.#look(run);
        if (look === 'left') left.add(run);
        if (look !== 'busy') this.#changed.delete(run);
      }
      for (const run of left) if (this.#left.has(run)) this.#takeOver(run);
      this.#left = left;
    } finally {
      this.#looking = false;
    }
  }

  /** A run that cannot be read, or is gone by now, keeps the others from nothing. */
  async #look(run: string): Promise<RunLook> {
    try {
      return await this.#options.look(run);
    } catch (thrown) {
      this.#options.onError(thrown);
      return 'idle';
    }
  }

  #takeOver(run: string): void {
    const nowMs = Date.now();
    const rest = this.#resting.get(run);
    if (rest && nowMs < rest.untilMs) return;
    const waitMs = Math.min(LONGEST_WAIT_MS, (rest?.waitMs ?? FIRST_WAIT_MS / 2) * 2);
    this.#resting.set(run, { untilMs: nowMs + waitMs, waitMs });
    this.#options.takeOver(run);
  }
}
