import { irregularForms } from './irregular-forms.ts';
import { stem } from './stemmer.ts';
import { stopWords } from './stop-words.ts';

const words = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;
/** Scripts that put no spaces between words. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const marks = /\p{M}+/gu;

/** The words of a text, folded: lower case, no accents, no apostrophes, no possessive “s”. */
export function foldedWords(text: string): string[] {
  const found = text.match(words);
  return found ? found.flatMap(folded) : [];
}

/** Stems of the words met so far: notes repeat few words often, and stemming is most of the work. */
const stems = new Map<string, string>();
const mostStems = 50_000;

/** The index term of a folded word, or nothing for a stop word. */
export function termOf(word: string): string | undefined {
  if (stopWords.has(word)) return undefined;
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= mostStems) stems.clear();
  const term = stem(irregularForms.get(word) ?? word);
  stems.set(word, term);
  return term;
}

/** The index terms of a text, in order, with repetitions. */
export function termsOf(text: string): string[] {
  return foldedWords(text).flatMap((word) => termOf(word) ?? []);
}

function folded(word: string): string | string[] {
  const lower = word.toLowerCase();
  if (/^[a-z0-9]+$/.test(lower)) return lower;
  const plain = lower
    .normalize('NFKD')
    .replace(marks, '')
    .replace(/['’]s$/, '')
    .replace(/['’]/g, '');
  return unspaced.test(plain) ? pairs(plain) : plain.normalize('NFC');
}

/** Overlapping pairs of characters: “words” of a script without spaces. */
function pairs(run: string): string[] {
  const letters = Array.from(run);
  if (letters.length < 2) return letters;
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}
