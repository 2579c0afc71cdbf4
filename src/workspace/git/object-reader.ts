import { gitFailures } from '../../base/failures/git.ts';
import { limits } from '../../base/limits.ts';
import type { Git } from './git-process.ts';
import { ObjectConversation, type Parsed } from './object-conversation.ts';

export interface ObjectHead {
  readonly oid: string;
  readonly type: string;
  readonly bytes: number;
}

const newLine = 0x0a;

/** A revision that can be sent in a line: no white space, not an option. */
const sendable = /^[0-9A-Za-z][^\s\0]*$/;

/**
 * Reads git objects through one `cat-file` process, started when it is needed and ended when it has
 * been idle. Invariants: one question at a time; the process keeps node alive only while it answers.
 */
export class ObjectReader {
  readonly #git: Git;
  #conversation: ObjectConversation | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(git: Git) {
    this.#git = git;
  }

  /** Id, type and size of an object, or nothing when there is none. */
  async head(revision: string): Promise<ObjectHead | undefined> {
    if (!sendable.test(revision)) return undefined;
    return this.#ask(`info ${revision}`, (received) => wholeLine(received, parseHead));
  }

  /** The id of a commit named by a revision. Throws `git.failed` when there is none. */
  async commit(revision: string): Promise<string> {
    const head = await this.head(`${revision}^{commit}`);
    if (head === undefined) throw gitFailures.unknownCommit(revision);
    return head.oid;
  }

  /** The id of a commit's tree. Throws `git.failed` when there is no such commit. */
  async treeOf(commit: string): Promise<string> {
    const head = await this.head(`${commit}^{tree}`);
    if (head === undefined) throw gitFailures.unknownCommit(commit);
    return head.oid;
  }

  /** An object's bytes. Throws `git.failed` when it is missing. */
  async content(oid: string): Promise<Buffer> {
    const content = await this.#ask(`contents ${oid}`, parseContent);
    if (content === undefined) throw gitFailures.failed('cat-file', `the object ${oid} is missing`);
    return content;
  }

  #ask<T>(line: string, parse: (received: Buffer) => Parsed<T>): Promise<T> {
    const answer = this.#turn.then(() => this.#askNow(line, parse));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #askNow<T>(line: string, parse: (received: Buffer) => Parsed<T>): Promise<T> {
    clearTimeout(this.#idle);
    const conversation = this.#openConversation();
    try {
      return await conversation.ask(line, parse);
    } catch (thrown) {
      this.#end(conversation);
      throw thrown;
    } finally {
      this.#idle = setTimeout(() => this.#end(conversation), limits.gitIdleMs).unref();
    }
  }

  #openConversation(): ObjectConversation {
    if (this.#conversation === undefined || this.#conversation.isOver) {
      this.#conversation = new ObjectConversation(this.#git.start(['cat-file', '--batch-command']));
    }
    return this.#conversation;
  }

  #end(conversation: ObjectConversation): void {
    conversation.end();
    if (this.#conversation === conversation) this.#conversation = undefined;
  }
}

function wholeLine<T>(received: Buffer, parse: (line: string) => T): Parsed<T> {
  const end = received.indexOf(newLine);
  if (end < 0) return { is: 'part', bytes: received.length + 1 };
  return { is: 'whole', value: parse(received.toString('utf8', 0, end)) };
}

function parseHead(line: string): ObjectHead | undefined {
  const [, oid, type, bytes] = /^([0-9a-f]+) ([a-z]+) (\d+)$/.exec(line) ?? [];
  if (oid === undefined || type === undefined) return undefined;
  return { oid, type, bytes: Number(bytes) };
}

/** A head line, the bytes, a line break. */
function parseContent(received: Buffer): Parsed<Buffer | undefined> {
  const head = wholeLine(received, (line) => ({
    parsed: parseHead(line),
    from: Buffer.byteLength(line) + 1,
  }));
  if (head.is === 'part') return head;
  const { parsed, from } = head.value;
  if (parsed === undefined) return { is: 'whole', value: undefined };
  const bytes = from + parsed.bytes + 1;
  if (received.length < bytes) return { is: 'part', bytes };
  return { is: 'whole', value: received.subarray(from, bytes - 1) };
}
