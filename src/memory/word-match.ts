import type { IndexedNote } from './indexed-note.ts';
import type { InvertedIndex } from './postings.ts';
import type { ThreadContext } from './thread-context.ts';

/** Saturation and length normalisation of BM25. */
const k1 = 0.9;
const b = 0.3;
/** How far a term counts as covered that only the context of a note holds. */
const heldByContext = 0.7;
/** A term in more than this share of the notes, and more than some few, is not lent to their neighbours. */
const commonShare = 0.05;
const fewNotes = 50;
/** Terms of a query beyond these, the most common ones, are not looked at. */
const mostTerms = 48;

export interface WordMatch {
  readonly doc: number;
  /** BM25 over the note and its context. */
  readonly score: number;
  /** The share of the query that the note or its context holds, by weight of the terms, 0 to 1. */
  readonly coverage: number;
}

export interface WordMatches {
  /** The best, best first. */
  readonly best: readonly WordMatch[];
  /** How any note matches, also one that is not among the best. */
  of(doc: number): WordMatch;
  /** Inverse document frequency by term: how much it tells. */
  readonly weights: ReadonlyMap<string, number>;
}

export interface Corpus {
  readonly notes: readonly (IndexedNote | undefined)[];
  readonly size: number;
  readonly averageLength: number;
  readonly words: InvertedIndex;
  readonly context: ThreadContext;
}

/** Matches every note that holds a term of the query, or has one in its context; gives the best `count`. */
export function matchWords(corpus: Corpus, terms: readonly string[], count: number): WordMatches {
  const weights = termWeights(corpus, terms);
  const scores = new Float64Array(corpus.notes.length);
  const covered = new Float64Array(corpus.notes.length);
  const amounts = new Amounts(corpus.notes.length);
  let total = 0;
  for (const [term, idf] of weights) {
    total += idf;
    collect(corpus, term, amounts);
    amounts.drain((doc, amount) => {
      const length = corpus.notes[doc]?.length ?? 0;
      const norm = k1 * (1 - b + (b * length) / corpus.averageLength);
      scores[doc] = (scores[doc] ?? 0) + (idf * amount * (k1 + 1)) / (amount + norm);
      covered[doc] = (covered[doc] ?? 0) + idf * Math.min(1, heldByContext + amount);
    });
  }
  const of = (doc: number): WordMatch => ({
    doc,
    score: scores[doc] ?? 0,
    coverage: total > 0 ? (covered[doc] ?? 0) / total : 0,
  });
  return { best: highest(scores, count).map(of), of, weights };
}

/** The places of the highest values above zero, highest first; of equal ones the earlier place. */
function highest(values: Float64Array, count: number): number[] {
  const best: number[] = [];
  let least = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value <= least) continue;
    let to = best.length;
    while (to > 0 && value > (values[best[to - 1] ?? 0] ?? 0)) to -= 1;
    best.splice(to, 0, at);
    if (best.length > count) best.pop();
    if (best.length === count) least = values[best[count - 1] ?? 0] ?? 0;
  }
  return best;
}

function termWeights({ words, size }: Corpus, terms: readonly string[]): Map<string, number> {
  const known = terms
    .map((term): [string, number] => [term, words.frequency(term)])
    .filter(([, frequency]) => frequency > 0)
    .map(([term, frequency]): [string, number] => [
      term,
      Math.log(1 + (size - frequency + 0.5) / (frequency + 0.5)),
    ]);
  return new Map(known.sort(([, a], [, other]) => other - a).slice(0, mostTerms));
}

/** Occurrences of a term by note, its own and those lent by its context. */
function collect({ words, context, size }: Corpus, term: string, amounts: Amounts): void {
  const list = words.list(term);
  if (!list) return;
  const lends = words.frequency(term) <= Math.max(fewNotes, size * commonShare);
  let amount = 0;
  const lend = (reader: number, weight: number): void => amounts.add(reader, weight * amount);
  for (let i = 0; i < list.docs.length; i += 1) {
    const doc = list.docs[i] ?? 0;
    if (words.isRemoved(doc)) continue;
    amount = list.amounts[i] ?? 0;
    amounts.add(doc, amount);
    if (lends) context.eachReader(doc, lend);
  }
}

/** Sums by note, to be used again and again without clearing all of it. */
class Amounts {
  readonly #sums: Float64Array;
  readonly #touched: number[] = [];

  constructor(size: number) {
    this.#sums = new Float64Array(size);
  }

  add(doc: number, amount: number): void {
    const sum = this.#sums[doc] ?? 0;
    if (sum === 0) this.#touched.push(doc);
    this.#sums[doc] = sum + amount;
  }

  drain(visit: (doc: number, sum: number) => void): void {
    for (const doc of this.#touched) {
      visit(doc, this.#sums[doc] ?? 0);
      this.#sums[doc] = 0;
    }
    this.#touched.length = 0;
  }
}
