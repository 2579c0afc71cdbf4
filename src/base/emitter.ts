import type { Disposable } from './disposable.ts';

export type Listener<T> = (value: T) => void;

/** A typed event. A listener that throws does not keep the others from hearing; it reaches `onError`. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<Listener<T>>();
  readonly #onError: (thrown: unknown) => void;

  constructor(onError: (thrown: unknown) => void = () => undefined) {
    this.#onError = onError;
  }

  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (thrown) {
        this.#onError(thrown);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
