import type { Cairn, Driven } from './cairn.ts';
import { limits } from '../base/limits.ts';

export type Drives = Pick<Cairn, 'driveRun'>;

export interface ExecutorListeners {
  /** A run begins or ceases to be executed by this process. */
  readonly onChange: () => void;
  readonly onRest: (run: string, driven: Driven) => void;
  readonly onError: (run: string, thrown: unknown) => void;
}

/**
 * Executes runs in this process: each at most once at a time, and so many side by side. A run that is asked for while
 * it is being executed is looked at once more, so that an order given in its last moment is not missed.
 */
export class RunExecutor {
  readonly #listeners: ExecutorListeners;
  readonly #stop = new AbortController();
  readonly #driving = new Map<string, { again: boolean; done: Promise<void> }>();
  /** Runs for which there was no room, in their order. */
  readonly #queue: (() => void)[] = [];
  #executing = 0;

  constructor(listeners: ExecutorListeners) {
    this.#listeners = listeners;
  }

  /** Runs that this process executes now, or will when it is their turn. */
  get driving(): readonly string[] {
    return [...this.#driving.keys()];
  }

  /** Executes a run until it waits or ends; resolves then, and never rejects. */
  drive(cairn: Drives, run: string): Promise<void> {
    const current = this.#driving.get(run);
    if (current) {
      current.again = true;
      return current.done;
    }
    if (this.#stop.signal.aborted) return Promise.resolve();
    const entry = { again: false, done: Promise.resolve() };
    this.#driving.set(run, entry);
    entry.done = this.#toRest(cairn, run, entry);
    this.#listeners.onChange();
    return entry.done;
  }

  /** Lets go of every run, so that another process can go on with it; resolves when that is done, or time is up. */
  async dispose(waitMs: number): Promise<void> {
    this.#stop.abort();
    for (const begin of this.#queue.splice(0)) begin();
    const all = Promise.all([...this.#driving.values()].map(({ done }) => done));
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([all, timeout]);
    clearTimeout(timer);
  }

  async #toRest(cairn: Drives, run: string, entry: { again: boolean }): Promise<void> {
    let driven: Driven | undefined;
    if (this.#executing < limits.runsInParallel) this.#executing += 1;
    else await new Promise<void>((begin) => this.#queue.push(begin));
    let again = true;
    try {
      while (again && !this.#stop.signal.aborted) {
        entry.again = false;
        driven = await cairn.driveRun(run, this.#stop.signal);
        again = entry.again && driven !== 'held';
      }
    } catch (thrown) {
      if (!this.#stop.signal.aborted) this.#listeners.onError(run, thrown);
    }
    // Its place goes to the next in the queue.
    const next = this.#queue.shift();
    if (next) next();
    else this.#executing -= 1;
    this.#driving.delete(run);
    this.#listeners.onChange();
    if (driven) this.#listeners.onRest(run, driven);
  }
}
