import type { Note } from '../contracts/memory.ts';
import { dateInWords, namesTime } from './dates.ts';
import { namesOf } from './note-file.ts';
import type { Surroundings } from './thread-context.ts';
import { termsOf } from './tokens.ts';

/** What the index keeps of a note. */
export interface IndexedNote {
  readonly note: Note;
  /** Weighted occurrences of all terms together. */
  readonly length: number;
  readonly authorTerms: ReadonlySet<string>;
  /** When it happened or was recorded; not a number when the note does not say. */
  readonly dateMs: number;
  readonly isQuestion: boolean;
  readonly namesTime: boolean;
  readonly surroundings: Surroundings;
}

const fieldWeights = { title: 2, tags: 1.5, aliases: 1.5, body: 1, author: 1, date: 0.5 } as const;
const wikiLink = /\[\[([^\]|#\n]+)/g;

export function indexedNote(note: Note): IndexedNote {
  const dateMs = Date.parse(dateOf(note) ?? '');
  return {
    note,
    length: [...termAmounts(note).values()].reduce((sum, amount) => sum + amount, 0),
    authorTerms: new Set(termsOf(personOf(note))),
    dateMs,
    isQuestion: /[?？]\s*$/.test(note.body),
    namesTime: namesTime(note.body),
    surroundings: surroundingsOf(note, dateMs),
  };
}

/** Weighted occurrences by term, over all fields of a note. */
export function termAmounts(note: Note): Map<string, number> {
  const { head, body } = note;
  const dateMs = Date.parse(dateOf(note) ?? '');
  const amounts = new Map<string, number>();
  addTerms(amounts, head.title, fieldWeights.title);
  addTerms(amounts, head.tags.join(' '), fieldWeights.tags);
  addTerms(amounts, head.aliases.join(' '), fieldWeights.aliases);
  addTerms(amounts, body, fieldWeights.body);
  addTerms(amounts, personOf(note), fieldWeights.author);
  if (!Number.isNaN(dateMs)) addTerms(amounts, dateInWords(dateMs), fieldWeights.date);
  return amounts;
}

/** The day a note is about, else the day it was recorded. */
export function dateOf({ head }: Note): string | undefined {
  return head.event_time ?? head.created;
}

/** What is embedded of a note. */
export function embeddingText({ head, body }: Note): string {
  return [head.title, ...head.aliases, ...head.tags, body].join('\n');
}

function surroundingsOf({ head, body, path }: Note, dateMs: number): Surroundings {
  const inText = [...body.matchAll(wikiLink)].map(([, name = '']) => name.trim());
  const inHead = [...head.related, ...head.derived_from].map((name) => name.replace(/^\[\[|\]\]$/g, ''));
  return {
    thread: typeof head.thread === 'string' ? head.thread : undefined,
    dateMs: Number.isNaN(dateMs) ? 0 : dateMs,
    id: head.id,
    names: namesOf(head, path),
    links: new Set([...inText, ...inHead]),
  };
}

/** Who speaks in a note; the operator and the agents, who write all others, are no one to search for. */
function personOf({ head: { author } }: Note): string {
  return author === 'operator' || author.startsWith('agent/') ? '' : author;
}

function addTerms(amounts: Map<string, number>, text: string, weight: number): void {
  for (const term of termsOf(text)) amounts.set(term, (amounts.get(term) ?? 0) + weight);
}
