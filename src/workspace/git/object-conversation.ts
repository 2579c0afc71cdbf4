import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Socket } from 'node:net';
import { gitFailures } from '../../base/failures/git.ts';
import { limits } from '../../base/limits.ts';
import { startFailure } from './git-process.ts';

/** An answer once it is whole; until then, how many bytes it takes to look again. */
export type Parsed<T> =
  | { readonly is: 'whole'; readonly value: T }
  | { readonly is: 'part'; readonly bytes: number };

interface Question {
  /** Takes what has been received, and returns how many bytes it needs; none once it is answered. */
  readonly accept: (received: Buffer) => number;
  readonly fail: (failure: Error) => void;
}

const command = 'cat-file';

/** A `cat-file` process and the one question that it is answering. It keeps node alive only meanwhile. */
export class ObjectConversation {
  readonly #child: ChildProcessWithoutNullStreams;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #neededBytes = 0;
  #question: Question | undefined;
  #ended: Error | undefined;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', (thrown) => this.#fail(startFailure(command, thrown)));
    child.on('close', () => this.#fail(gitFailures.failed(command, 'it ended before it had answered')));
    this.#holdNode(false);
  }

  /** Whether the process has ended or failed; nothing more can be asked. */
  get isOver(): boolean {
    return this.#ended !== undefined;
  }

  async ask<T>(line: string, parse: (received: Buffer) => Parsed<T>): Promise<T> {
    if (this.#ended) throw this.#ended;
    const timeout = setTimeout(
      () => this.#fail(gitFailures.timedOut(command, limits.gitTimeoutMs)),
      limits.gitTimeoutMs,
    );
    this.#holdNode(true);
    try {
      return await this.#answer(line, parse);
    } finally {
      clearTimeout(timeout);
      this.#question = undefined;
      this.#holdNode(false);
    }
  }

  end(): void {
    this.#ended ??= gitFailures.failed(command, 'it was ended');
    this.#child.kill();
  }

  #answer<T>(line: string, parse: (received: Buffer) => Parsed<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const accept = (received: Buffer) => {
        const parsed = parse(received);
        if (parsed.is === 'part') return parsed.bytes;
        resolve(parsed.value);
        return 0;
      };
      this.#question = { accept, fail: reject };
      this.#child.stdin.write(`${line}\n`);
    });
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#neededBytes) return;
    const received = Buffer.concat(this.#chunks);
    this.#neededBytes = this.#question?.accept(received) ?? 0;
    const answered = this.#neededBytes === 0;
    this.#chunks = answered ? [] : [received];
    this.#bytes = answered ? 0 : received.length;
  }

  #fail(failure: Error): void {
    this.#ended ??= failure;
    this.#question?.fail(failure);
  }

  #holdNode(hold: boolean): void {
    const action = hold ? 'ref' : 'unref';
    this.#child[action]();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      if (stream instanceof Socket) stream[action]();
    }
  }
}
