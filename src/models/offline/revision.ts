/** A text on its way to what was asked for, with what was done to it, as parts of a sentence. */
export interface Revision {
  readonly text: string;
  readonly changes: readonly string[];
}

/** Longer than any text that fits the checks; keeps adding and dropping bounded. */
const MOST_CHANGES = 200;

export function changed(revision: Revision, text: string, what: string): Revision {
  return text === revision.text ? revision : { text, changes: [...revision.changes, what] };
}

/** Each change is told once, however often it was made. */
export function repeat(revision: Revision, step: (current: Revision) => Revision | undefined): Revision {
  let current = revision;
  for (let i = 0; i < MOST_CHANGES; i += 1) {
    const next = step(current);
    if (!next || next.text === current.text) break;
    current = { text: next.text, changes: [...new Set(next.changes)] };
  }
  return current;
}
