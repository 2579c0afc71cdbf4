import { AppError } from '../../src/base/failure.ts';
import { runFailures } from '../../src/base/failures/runs.ts';
import type { Journal } from '../../src/contracts/journal.ts';
import { turns } from './turns.ts';

/**
 * What befalls the process of an append: it dies; its flush fails, as on a full or broken disk; or it stands still
 * while another process takes the run, and wakes up without knowing.
 */
export const mishaps = ['killed', 'unflushed', 'paused'] as const;
export type Mishap = (typeof mishaps)[number];

/** What goes wrong at the `append`-th append of a history, before or after it is on disk. */
export interface Crash {
  readonly append: number;
  readonly lost: boolean;
  /** Death where nothing is said. */
  readonly is?: Mishap;
}

/** A process died on purpose. */
export class Killed extends Error {}

/** A process, as long as it lives. */
export class Life {
  isOver = false;
  /** Whether it has the run no longer, and may not know it. */
  isLost = false;
  /** What its disk said, once it has failed. */
  failure: AppError | undefined;
  readonly #paused = newBell();
  readonly #woken = newBell();
  readonly #ended = newBell();

  /** Resolves when the process stands still, and another one may take the run. */
  get passedOver(): Promise<void> {
    return this.#paused.rung;
  }

  get isPassedOver(): boolean {
    return this.#paused.hasRung;
  }

  /** Resolves at the end of the history. */
  get ended(): Promise<void> {
    return this.#ended.rung;
  }

  pause(): void {
    this.#paused.ring();
  }

  wake(): void {
    this.#woken.ring();
  }

  end(): void {
    this.isOver = true;
    this.#ended.ring();
  }

  /** Does something with the world, which a process that stands still or is dead does not. */
  async act<T>(doing: () => Promise<T>): Promise<T> {
    await this.#expectAwake();
    const done = await doing();
    await this.#expectAwake();
    return done;
  }

  async #expectAwake(): Promise<void> {
    if (this.isPassedOver) await this.#woken.rung;
    if (this.isOver) throw new Killed();
  }

  /** Holds a process to its mishap: one whose disk has failed says so, and only one that has lost the run is fenced. */
  expectEnd(thrown?: unknown): void {
    if (this.failure ? thrown === this.failure : thrown === undefined) return;
    const isFenced = thrown instanceof AppError && thrown.code === 'journal.fenced';
    if (thrown instanceof Killed || (this.isLost && isFenced)) return;
    throw thrown instanceof Error ? thrown : new Error('A flush that failed was passed over');
  }
}

interface Bell {
  readonly rung: Promise<void>;
  hasRung: boolean;
  ring(): void;
}

function newBell(): Bell {
  let resolve: () => void = () => undefined;
  const rung = new Promise<void>((done) => {
    resolve = done;
  });
  const bell: Bell = {
    rung,
    hasRung: false,
    ring: () => {
      bell.hasRung = true;
      resolve();
    },
  };
  return bell;
}

interface Flush {
  readonly append: number;
  /** What befalls the process once it is on disk. */
  readonly after: Mishap | undefined;
}

interface Hears {
  readonly onAppend: (append: number) => void;
  /** The process has the run no longer; what is on its way to disk is lost. */
  readonly onLoss: () => void;
}

/** The mishaps of a history. */
export class Mortality {
  readonly #crashes: Set<string>;
  #appends = 0;

  constructor(crashes: readonly Crash[]) {
    this.#crashes = new Set(crashes.map(nameOf));
  }

  /** Appends so far, of all processes that had the run. */
  get appends(): number {
    return this.#appends;
  }

  /**
   * The journal of a process that meets its mishaps where the history says so. What is on its way to disk when it
   * dies is lost with it, and after a flush that failed nothing more is written.
   */
  journal(journal: Journal, life: Life, hears: Hears): Pick<Journal, 'enqueue' | 'expectOurs'> {
    let flushed: Promise<void> = Promise.resolve();
    const suffer = (mishap: Mishap): void => {
      // It loses the run once: by now another process may have it.
      if (!life.isLost) hears.onLoss();
      life.isLost = true;
      if (mishap === 'paused') life.pause();
      if (mishap === 'unflushed')
        life.failure ??= runFailures.fileFailed('written', 'journal.jsonl', 'ENOSPC');
      if (mishap === 'killed') {
        life.isOver = true;
        throw new Killed();
      }
    };
    /** A disk takes its time, so that other things come in between; what is enqueued later is not on it earlier. */
    const flush = async (onDisk: Promise<void>, behind: Promise<void>, { append, after }: Flush) => {
      const settled = Promise.allSettled([onDisk, behind, turns(append % 3)]);
      await life.act(() => settled);
      if (after) suffer(after);
      if (life.failure) throw life.failure;
      await behind;
      await onDisk;
    };
    return {
      expectOurs: () => journal.expectOurs(),
      enqueue: (events, order) => {
        if (life.isOver) throw new Killed();
        // What a process writes that was passed over is no append of the run's.
        if (life.isPassedOver) return journal.enqueue(events, order);
        this.#appends += 1;
        const append = this.#appends;
        hears.onAppend(append);
        const before = this.#befalls({ append, lost: true });
        if (before === 'killed') suffer(before);
        const { records, onDisk } = journal.enqueue(events, order);
        if (before) suffer(before);
        flushed = flush(onDisk, flushed, { append, after: this.#befalls({ append, lost: false }) });
        return { records, onDisk: flushed };
      },
    };
  }

  #befalls(at: Omit<Crash, 'is'>): Mishap | undefined {
    return mishaps.find((is) => this.#crashes.delete(nameOf({ ...at, is })));
  }
}

function nameOf({ append, lost, is = 'killed' }: Crash): string {
  return `${is}:${append}:${lost}`;
}
