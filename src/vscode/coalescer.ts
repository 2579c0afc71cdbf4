import type { Disposable } from '../base/disposable.ts';

/**
 * Does a job once for however many requests arrive while it waits or is under way, and once more when
 * some arrived meanwhile. One job at a time.
 */
export class Coalescer implements Disposable {
  readonly #job: () => Promise<void>;
  readonly #delayMs: number;
  readonly #onError: (thrown: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #again = false;
  #disposed = false;

  constructor(job: () => Promise<void>, delayMs: number, onError: (thrown: unknown) => void) {
    this.#job = job;
    this.#delayMs = delayMs;
    this.#onError = onError;
  }

  request(): void {
    if (this.#disposed) return;
    if (this.#busy) this.#again = true;
    else this.#timer ??= setTimeout(() => void this.#run(), this.#delayMs);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#busy = true;
    this.#again = false;
    try {
      await this.#job();
    } catch (thrown) {
      this.#onError(thrown);
    }
    this.#busy = false;
    if (this.#again) this.request();
  }
}
