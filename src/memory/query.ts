import { dateHints, type DateHint } from './dates.ts';
import { termsOf } from './tokens.ts';

/** A query, taken apart: what is asked for, of which day, and what kind of answer is expected. */
export interface ParsedQuery {
  /** Each term once. */
  readonly terms: readonly string[];
  readonly dates: readonly DateHint[];
  readonly asksWhen: boolean;
  readonly asksLatest: boolean;
}

const whenWords = /\bwhen\b|\b(?:what|which) (?:date|day|week|month|year|time)\b|\bhow long\b/i;
const latestWords = /\b(?:latest|newest|recent(?:ly)?|current(?:ly)?|last|now|these days|so far)\b/i;

export function parseQuery(text: string): ParsedQuery {
  return {
    terms: [...new Set(termsOf(text))],
    dates: dateHints(text),
    asksWhen: whenWords.test(text),
    asksLatest: latestWords.test(text),
  };
}
