/** What a note's context is made of: its place in a thread, the notes it links to, and its own names. */
export interface Surroundings {
  readonly thread: string | undefined;
  /** Orders the notes of a thread; equal ones are ordered by `id`. */
  readonly dateMs: number;
  readonly id: string;
  readonly names: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
}

interface Member extends Surroundings {
  readonly doc: number;
  /** All notes of the thread, in order; empty for a note without one. */
  readonly members: Member[];
  position: number;
}

/** How much a note counts for the notes that come after it in the thread, the next one first. */
const forward = [0.36, 0.25, 0.18, 0.12] as const;
/** The same for the notes before it. */
const backward = [0.2, 0.14, 0.1, 0.07] as const;
const linked = 0.2;

/**
 * Which notes read which others as their context. An answer often does not repeat the words of the
 * question before it; the context lends them to it.
 */
export class ThreadContext {
  readonly #members: (Member | undefined)[] = [];
  readonly #threads = new Map<string, Member[]>();
  readonly #linkers = new Map<string, Set<number>>();

  add(doc: number, surroundings: Surroundings): void {
    const member: Member = { ...surroundings, doc, members: this.#threadOf(surroundings), position: 0 };
    this.#members[doc] = member;
    for (const name of surroundings.links) this.#linkersOf(name).add(doc);
    if (member.thread !== undefined) join(member);
  }

  remove(doc: number): void {
    const member = this.#members[doc];
    if (!member) return;
    this.#members[doc] = undefined;
    for (const name of member.links) this.#unlink(name, doc);
    if (member.thread !== undefined) this.#leave(member, member.thread);
  }

  /** Every note that reads `doc` as its context, and how much it counts there. */
  eachReader(doc: number, visit: (reader: number, weight: number) => void): void {
    const member = this.#members[doc];
    if (!member) return;
    eachInThread(member, visit);
    if (this.#linkers.size === 0) return;
    for (const name of member.names)
      for (const linker of this.#linkers.get(name) ?? []) if (linker !== doc) visit(linker, linked);
  }

  #threadOf({ thread }: Surroundings): Member[] {
    if (thread === undefined) return [];
    const members = this.#threads.get(thread) ?? [];
    this.#threads.set(thread, members);
    return members;
  }

  #leave({ members, position }: Member, thread: string): void {
    members.splice(position, 1);
    renumber(members, position);
    if (members.length === 0) this.#threads.delete(thread);
  }

  #linkersOf(name: string): Set<number> {
    const linkers = this.#linkers.get(name) ?? new Set();
    this.#linkers.set(name, linkers);
    return linkers;
  }

  #unlink(name: string, doc: number): void {
    const linkers = this.#linkers.get(name);
    linkers?.delete(doc);
    if (linkers?.size === 0) this.#linkers.delete(name);
  }
}

function eachInThread(member: Member, visit: (reader: number, weight: number) => void): void {
  const { members, position } = member;
  for (let i = 0; i < forward.length; i += 1) {
    const after = members[position + 1 + i];
    if (after) visit(after.doc, forward[i] ?? 0);
    const before = members[position - 1 - i];
    if (before) visit(before.doc, backward[i] ?? 0);
  }
}

function join(member: Member): void {
  const { members } = member;
  let at = members.length;
  while (at > 0 && isAfter(members[at - 1], member)) at -= 1;
  members.splice(at, 0, member);
  renumber(members, at);
}

function isAfter(member: Member | undefined, other: Member): boolean {
  if (!member) return false;
  return member.dateMs === other.dateMs ? member.id > other.id : member.dateMs > other.dateMs;
}

function renumber(members: readonly Member[], from: number): void {
  for (let i = from; i < members.length; i += 1) {
    const member = members[i];
    if (member) member.position = i;
  }
}
