/** Something to be released once; structurally the same as `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Releases its members in reverse order, once. What is added after that is released at once. */
export class Disposables implements Disposable {
  readonly #members: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(member: T): T {
    if (this.#disposed) member.dispose();
    else this.#members.push(member);
    return member;
  }

  dispose(): void {
    this.#disposed = true;
    for (const member of this.#members.splice(0).reverse()) member.dispose();
  }
}
