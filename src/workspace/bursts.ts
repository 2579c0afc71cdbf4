import type { Disposable } from '../base/disposable.ts';

/** Turns a burst of changes of one run into one call, at the end of the burst's window. */
export class Bursts implements Disposable {
  readonly #pending = new Map<string, NodeJS.Timeout>();
  readonly #listener: (run: string) => void;
  readonly #windowMs: number;

  constructor(listener: (run: string) => void, windowMs: number) {
    this.#listener = listener;
    this.#windowMs = windowMs;
  }

  add(run: string): void {
    if (this.#pending.has(run)) return;
    const timer = setTimeout(() => {
      this.#pending.delete(run);
      this.#listener(run);
    }, this.#windowMs);
    this.#pending.set(run, timer.unref());
  }

  dispose(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }
}
