import type { TriggerProgress, TriggerWaiting } from '../contracts/trigger-state.ts';

/** What one look at a trigger has found. */
export interface Finding {
  readonly progress: TriggerProgress;
  readonly found: readonly Omit<TriggerWaiting, 'run'>[];
  /** What was passed over, in sentences. */
  readonly notes: readonly string[];
  /** When it is worth another look; nothing when only a change can bring something. */
  readonly nextMs?: number | undefined;
  /** Whether something is still being written. */
  readonly settling?: boolean | undefined;
  /** Folders of the company in which something may come. */
  readonly folders?: readonly string[] | undefined;
}

/** Whether something was there before; what is new is remembered. */
export class Remembered {
  readonly #digests: Set<string>;

  constructor(digests: readonly string[]) {
    this.#digests = new Set(digests);
  }

  has(digest: string): boolean {
    return this.#digests.has(digest);
  }

  /** False when it was there already. */
  add(digest: string): boolean {
    if (this.#digests.has(digest)) return false;
    this.#digests.add(digest);
    return true;
  }

  /** Oldest first, at most so many: the newest. */
  newest(limit: number): string[] {
    return [...this.#digests].slice(-limit);
  }
}
