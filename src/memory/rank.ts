import type { IndexedNote } from './indexed-note.ts';
import { fitsHint } from './dates.ts';
import type { ParsedQuery } from './query.ts';
import type { WordMatch } from './word-match.ts';

/** What each signal counts for, at its full strength. Tuned on conversations of no company. */
export const signalWeights = {
  words: 1,
  coverage: 0.75,
  length: 0.6,
  time: 0.4,
  author: 0.3,
  otherAuthor: -0.2,
  question: -0.1,
  date: 0.4,
  recent: 0.3,
  outdated: -0.8,
} as const;

export type Signal = keyof typeof signalWeights;

export interface RankingQuery extends ParsedQuery {
  /** Terms of the query that are part of some author's name. */
  readonly authorTerms: ReadonlySet<string>;
  readonly bestScore: number;
  readonly newestMs: number;
}

export interface Ranked {
  readonly doc: number;
  readonly score: number;
  readonly signals: Readonly<Partial<Record<Signal, number>>>;
}

/** Weighs all that is known of a candidate; every signal that counted is told. */
export function rank(query: RankingQuery, match: WordMatch, note: IndexedNote, outdated: boolean): Ranked {
  const strengths: Record<Signal, number> = {
    words: query.bestScore > 0 ? match.score / query.bestScore : 0,
    coverage: match.coverage,
    length: lengthStrength(note.length),
    time: query.asksWhen && note.namesTime ? 1 : 0,
    ...authorStrength(query, note),
    question: note.isQuestion ? 1 : 0,
    date: query.dates.some((hint) => fitsHint(note.dateMs, hint)) ? 1 : 0,
    recent: query.asksLatest ? recency(note.dateMs, query.newestMs) : 0,
    outdated: outdated ? 1 : 0,
  };
  const signals: Partial<Record<Signal, number>> = {};
  let score = 0;
  for (const signal of Object.keys(strengths) as Signal[]) {
    const part = strengths[signal] * signalWeights[signal];
    if (part === 0) continue;
    signals[signal] = round(part);
    score += part;
  }
  return { doc: match.doc, score: round(score), signals };
}

/** A note of a few words seldom answers anything; beyond some forty, more does not help. */
function lengthStrength(length: number): number {
  return Math.min(1, Math.log1p(length) / Math.log1p(40));
}

function authorStrength(query: RankingQuery, note: IndexedNote): { author: number; otherAuthor: number } {
  if (query.authorTerms.size === 0 || note.authorTerms.size === 0) return { author: 0, otherAuthor: 0 };
  const same = [...note.authorTerms].some((term) => query.authorTerms.has(term));
  return { author: same ? 1 : 0, otherAuthor: same ? 0 : 1 };
}

/** Half as strong for every 90 days that a note is older than the newest. */
function recency(dateMs: number, newestMs: number): number {
  return Number.isNaN(dateMs) ? 0 : 0.5 ** ((newestMs - dateMs) / (90 * 86_400_000));
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
