/** Words of grammar, which say nothing about what a text is about. */
const grammar = new Set(
  `a about after all also am an and any are as at be been before being but by can could did do does for from had
  has have he her hers him his how i if in into is it its just me more most my no nor not of off on once only or
  other our ours out over own s she should so some such t than that the their theirs them then there these they
  this those to too under until up very was we were what when where which while who whom why will with would you
  your yours`.split(/\s+/),
);

const joinedScript = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/**
 * The different content words of a text, comparable between texts: without case, accents, grammar and
 * plural s; figures as written, without thousands separators. Scripts without blanks give pairs of letters.
 */
export function contentWords(text: string): ReadonlySet<string> {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/(?<=\d)[,'’](?=\d{3})/g, '');
  const words = plain.match(/\d+(?:[.,]\d+)*|[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.flatMap(stems).filter((word) => !grammar.has(word)));
}

/** The figures among content words; a statement lives or dies by them. */
export function figures(words: ReadonlySet<string>): readonly string[] {
  return [...words].filter((word) => /^\d/.test(word));
}

/** Share of `words` that occur in `other`, 0 to 1; 0 for no words. */
export function share(words: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (words.size === 0) return 0;
  let common = 0;
  for (const word of words) if (other.has(word)) common += 1;
  return common / words.size;
}

function stems(word: string): string[] {
  if (joinedScript.test(word)) {
    const letters = Array.from(word);
    return letters.length < 2 ? letters : letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`);
  }
  return [/^\p{L}{4,}$/u.test(word) ? word.replace(/(?<=[^s])s$/, '') : word];
}
