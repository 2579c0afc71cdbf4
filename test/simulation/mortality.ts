import type { Journal } from '../../src/contracts/journal.ts';
import { turns } from './turns.ts';

/** When the process dies: at the `append`-th append of its history, before or after it is on disk. */
export interface Crash {
  readonly append: number;
  readonly lost: boolean;
}

/** A process died on purpose. */
export class Killed extends Error {}

/** A process, as long as it lives. */
export interface Life {
  isOver: boolean;
}

interface Hears {
  readonly onAppend: (append: number) => void;
  readonly onDeath: () => void;
}

/** The deaths of a history. */
export class Mortality {
  readonly #crashes: Set<string>;
  #appends = 0;

  constructor(crashes: readonly Crash[]) {
    this.#crashes = new Set(crashes.map(({ append, lost }) => `${append}:${lost}`));
  }

  /** Appends so far, of all processes. */
  get appends(): number {
    return this.#appends;
  }

  /**
   * The journal of a process that dies where the history says so, and then writes nothing more. What is on its way
   * to disk when it dies is lost with it.
   */
  journal(journal: Journal, life: Life, { onAppend, onDeath }: Hears): Pick<Journal, 'enqueue'> {
    let flushed: Promise<void> = Promise.resolve();
    const die = (): never => {
      // One dies once: by now another process may have the run.
      if (!life.isOver) onDeath();
      life.isOver = true;
      throw new Killed();
    };
    return {
      enqueue: (events, order) => {
        if (life.isOver) throw new Killed();
        this.#appends += 1;
        const append = this.#appends;
        onAppend(append);
        if (this.#dies({ append, lost: true })) die();
        const { records, onDisk } = journal.enqueue(events, order);
        const dies = this.#dies({ append, lost: false });
        // A disk takes its time, so that other things come in between; what is enqueued later is not on it earlier.
        flushed = Promise.all([onDisk, flushed, turns(append % 3)]).then(
          () => (life.isOver || dies ? die() : undefined),
          (thrown: unknown) => {
            throw life.isOver ? new Killed() : thrown;
          },
        );
        return { records, onDisk: flushed };
      },
    };
  }

  #dies({ append, lost }: Crash): boolean {
    return this.#crashes.delete(`${append}:${lost}`);
  }
}
