import { withWording, withoutSentence } from './patch.ts';
import { overlap, termsOf } from './ranking.ts';
import { sentencesOf } from './sentences.ts';
import type { Sentence } from './sentences.ts';

const SAME = 0.95;
const LEAST_TERMS = 4;

/** Wordy ways of saying something, and the short one. Nothing here changes what is said. */
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/\bin order to\b/gi, 'to'],
  [/\bdue to the fact that\b/gi, 'because'],
  [/\bat this point in time\b/gi, 'now'],
  [/\bat the present time\b/gi, 'now'],
  [/\bin the event that\b/gi, 'if'],
  [/\bwith regard to\b/gi, 'about'],
  [/\bfor the purpose of\b/gi, 'for'],
  [/\ba large number of\b/gi, 'many'],
  [/\butili[sz]es\b/gi, 'uses'],
  [/\butili[sz]e\b/gi, 'use'],
  [/(?<=[\p{L},;]) (?:very|really|quite|basically|actually|literally|simply|essentially) (?=\p{Ll})/gu, ' '],
];

/** The text without filler words and repeated sentences. What stands in quotation marks is left alone. */
export function tighten(text: string): string {
  return shortened(withoutRepeats(text));
}

function shortened(text: string): string {
  return [...sentencesOf(text)].reverse().reduce((current, sentence) => {
    if (/["“”]/.test(sentence.raw)) return current;
    const wording = SHORTER.reduce(
      (words, [long, short]) => words.replace(long, (found) => inCase(found, short)),
      sentence.raw,
    );
    return wording === sentence.raw ? current : withWording(current, sentence, wording);
  }, text);
}

function inCase(found: string, short: string): string {
  return /^\p{Lu}/u.test(found) ? short.charAt(0).toUpperCase() + short.slice(1) : short;
}

function withoutRepeats(text: string): string {
  const told: (readonly string[])[] = [];
  const repeats: Sentence[] = [];
  for (const sentence of sentencesOf(text)) {
    const terms = termsOf(sentence.text);
    const isRepeat = terms.length >= LEAST_TERMS && told.some((other) => isSame(other, terms));
    if (isRepeat) repeats.push(sentence);
    else told.push(terms);
  }
  return repeats.reverse().reduce(withoutSentence, text);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return Math.abs(a.length - b.length) <= 1 && overlap(a, b) >= SAME;
}
