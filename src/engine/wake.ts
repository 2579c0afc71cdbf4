/** A bell that remembers having rung: one waiter, and a ring before the wait is not lost. */
export class Wake {
  #rung = false;
  #resolve: (() => void) | undefined;

  set(): void {
    this.#rung = true;
    this.#resolve?.();
    this.#resolve = undefined;
  }

  /** Whether it has rung since it was reset. */
  get isSet(): boolean {
    return this.#rung;
  }

  reset(): void {
    this.#rung = false;
  }

  wait(): Promise<void> {
    if (this.#rung) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}
