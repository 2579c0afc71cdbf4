/**
 * Suffix stripping for English, so that “painted”, “painting” and “paints” are one term.
 * Source: M. F. Porter, “An algorithm for suffix stripping”, Program 14(3), 1980; `abli` and `logi` as in
 * the author's later revision.
 */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  const singular = withoutPlural(word.startsWith('y') ? `Y${word.slice(1)}` : word);
  const base = finalY(withoutEdOrIng(singular));
  const shortened = replaced(replaced(base, derived), reduced);
  return tidied(withoutSuffix(shortened)).toLowerCase();
}

const consonant = '[^aeiou]';
const vowel = '[aeiouy]';
const consonants = `${consonant}[^aeiouy]*`;
const vowels = `${vowel}[aeiou]*`;
const measureAbove0 = new RegExp(`^(${consonants})?${vowels}${consonants}`);
const measureIs1 = new RegExp(`^(${consonants})?${vowels}${consonants}(${vowels})?$`);
const measureAbove1 = new RegExp(`^(${consonants})?${vowels}${consonants}${vowels}${consonants}`);
const hasVowel = new RegExp(`^(${consonants})?${vowel}`);
const doubled = /([^aeiouylsz])\1$/;
const shortSyllable = new RegExp(`^${consonants}${vowel}[^aeiouwxy]$`);

type Rules = readonly (readonly [suffix: string, replacement: string])[];

const derived: Rules = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
];

const reduced: Rules = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

const removable =
  /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/;

function withoutPlural(word: string): string {
  if (/(ss|i)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutEdOrIng(word: string): string {
  if (word.endsWith('eed')) return measureAbove0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const base = /^(.+)(?:ed|ing)$/.exec(word)?.[1];
  if (base === undefined || !hasVowel.test(base)) return word;
  if (/(at|bl|iz)$/.test(base)) return `${base}e`;
  if (doubled.test(base)) return base.slice(0, -1);
  return shortSyllable.test(base) ? `${base}e` : base;
}

function finalY(word: string): string {
  return word.endsWith('y') && hasVowel.test(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

function replaced(word: string, rules: Rules): string {
  for (const [suffix, replacement] of rules) {
    if (!word.endsWith(suffix)) continue;
    const base = word.slice(0, -suffix.length);
    return measureAbove0.test(base) ? base + replacement : word;
  }
  return word;
}

function withoutSuffix(word: string): string {
  const base = removable.exec(word)?.[1];
  return base !== undefined && measureAbove1.test(base) ? base : word;
}

function tidied(word: string): string {
  const base = word.slice(0, -1);
  if (
    word.endsWith('e') &&
    (measureAbove1.test(base) || (measureIs1.test(base) && !shortSyllable.test(base)))
  )
    return base;
  return word.endsWith('ll') && measureAbove1.test(word) ? base : word;
}
