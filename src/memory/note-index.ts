import type { MemoryHit, MemoryQuery, Note } from '../contracts/memory.ts';
import { excerptOf } from './excerpt.ts';
import { dateOf, indexedNote, termAmounts, type IndexedNote } from './indexed-note.ts';
import { InvertedIndex } from './postings.ts';
import { parseQuery } from './query.ts';
import { rank, type Ranked, type RankingQuery } from './rank.ts';
import { ThreadContext } from './thread-context.ts';
import { matchWords, type WordMatch, type WordMatches } from './word-match.ts';

/** Notes that come out of the first pass by words; the signals are weighed for these alone. */
const candidatesRanked = 200;

export interface SearchOptions {
  /** The time for which validity is judged, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** Ids of further candidates, e.g. neighbours by vector; they add notes, not scores. */
  readonly candidates?: readonly string[] | undefined;
}

/** Search over notes without any model. Putting or removing a note costs in proportion to that note. */
export class NoteIndex {
  readonly #notes: (IndexedNote | undefined)[] = [];
  readonly #docs = new Map<string, number>();
  readonly #words = new InvertedIndex();
  readonly #context = new ThreadContext();
  readonly #authors = new Map<string, number>();
  /** How many notes replace a note, by the replaced note's id. */
  readonly #replaced = new Map<string, number>();
  #totalLength = 0;

  get size(): number {
    return this.#docs.size;
  }

  get(id: string): Note | undefined {
    return this.#find(id)?.note;
  }

  /** Adds a note, or replaces the one of the same id. */
  put(note: Note): void {
    this.remove(note.head.id);
    const doc = this.#notes.length;
    const indexed = indexedNote(note);
    this.#notes.push(indexed);
    this.#docs.set(note.head.id, doc);
    this.#words.add(doc, termAmounts(note));
    this.#context.add(doc, indexed.surroundings);
    this.#totalLength += indexed.length;
    for (const term of indexed.authorTerms) count(this.#authors, term, 1);
    for (const id of note.head.replaces) count(this.#replaced, id, 1);
  }

  /** Forgets a note; an unknown id is no failure. */
  remove(id: string): void {
    const doc = this.#docs.get(id);
    const indexed = doc === undefined ? undefined : this.#notes[doc];
    if (doc === undefined || !indexed) return;
    this.#docs.delete(id);
    this.#notes[doc] = undefined;
    this.#words.remove(doc, termAmounts(indexed.note).keys());
    this.#context.remove(doc);
    this.#totalLength -= indexed.length;
    for (const term of indexed.authorTerms) count(this.#authors, term, -1);
    for (const replaced of indexed.note.head.replaces) count(this.#replaced, replaced, -1);
  }

  /** The best notes for a query, best first. Outdated notes come last and carry the signal `outdated`. */
  search(query: MemoryQuery, options: SearchOptions): MemoryHit[] {
    const parsed = parseQuery(query.text);
    const matches = matchWords(this.#corpus(), parsed.terms, candidatesRanked);
    const candidates = this.#candidates(matches, options.candidates ?? []);
    const ranking: RankingQuery = {
      ...parsed,
      authorTerms: new Set(parsed.terms.filter((term) => this.#authors.has(term))),
      bestScore: candidates[0]?.score ?? 0,
      newestMs: this.#newest(candidates),
    };
    return candidates
      .flatMap((match) => this.#rank(ranking, match, options.nowMs))
      .sort((a, b) => b.score - a.score || a.doc - b.doc)
      .slice(0, Math.max(0, query.limit))
      .flatMap((ranked) => this.#hit(ranked, matches.weights));
  }

  #corpus() {
    return {
      notes: this.#notes,
      size: this.#docs.size,
      averageLength: this.#totalLength / Math.max(1, this.#docs.size),
      words: this.#words,
      context: this.#context,
    };
  }

  #candidates({ best, of }: WordMatches, added: readonly string[]): WordMatch[] {
    const chosen = new Set(best.map(({ doc }) => doc));
    const extra = new Set(added.flatMap((id) => this.#docs.get(id) ?? []).filter((doc) => !chosen.has(doc)));
    return [...best, ...[...extra].map(of)];
  }

  #newest(candidates: readonly WordMatch[]): number {
    const dates = candidates.map(({ doc }) => this.#notes[doc]?.dateMs ?? Number.NaN);
    return Math.max(...dates.filter((dateMs) => !Number.isNaN(dateMs)), 0);
  }

  #rank(query: RankingQuery, match: WordMatch, nowMs: number): Ranked[] {
    const indexed = this.#notes[match.doc];
    return indexed ? [rank(query, match, indexed, this.#isOutdated(indexed.note, nowMs))] : [];
  }

  #isOutdated({ head }: Note, nowMs: number): boolean {
    if (head.replaced_by.length > 0 || this.#replaced.has(head.id)) return true;
    return Date.parse(head.invalidated_at ?? '') <= nowMs || Date.parse(head.valid_until ?? '') < nowMs;
  }

  #hit({ doc, score, signals }: Ranked, weights: ReadonlyMap<string, number>): MemoryHit[] {
    const note = this.#notes[doc]?.note;
    if (!note) return [];
    const { id, title, type } = note.head;
    return [
      {
        id,
        path: note.path,
        title,
        type,
        date: dateOf(note),
        excerpt: excerptOf(note.body, weights),
        score,
        signals,
      },
    ];
  }

  #find(id: string): IndexedNote | undefined {
    const doc = this.#docs.get(id);
    return doc === undefined ? undefined : this.#notes[doc];
  }
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const total = (counts.get(key) ?? 0) + by;
  if (total > 0) counts.set(key, total);
  else counts.delete(key);
}
