import { describeFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;

/** The two ways out: text for people, or one JSON document on standard output. Remarks go to standard error. */
export class Terminal {
  readonly json: boolean;
  readonly #out: Output;
  readonly #err: Output;

  constructor(out: Output, err: Output, json: boolean) {
    this.#out = out;
    this.#err = err;
    this.json = json;
  }

  /** The answer of a command: `value` with `--json`, else `text`. */
  answer(value: unknown, text: () => string): void {
    this.#out.write(`${this.json ? JSON.stringify(value, null, 2) : text()}\n`);
  }

  /** One of many answers as they come: a line each. */
  line(value: unknown, text: () => string): void {
    this.#out.write(`${this.json ? JSON.stringify(value) : text()}\n`);
  }

  /** Something on the way, for people only. */
  say(line: string): void {
    if (!this.json) this.#out.write(`${line}\n`);
  }

  note(line: string): void {
    this.#err.write(`${line}\n`);
  }

  failure(failure: Failure): void {
    if (this.json) this.#out.write(`${JSON.stringify({ failure }, null, 2)}\n`);
    else this.#err.write(`${describeFailure(failure)}\n${causes(failure)}`);
  }
}

function causes(failure: Failure): string {
  return (failure.causes ?? []).map((cause) => `  because: ${cause}\n`).join('');
}
