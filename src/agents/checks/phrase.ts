/** A pattern for a phrase as whole words, without regard to case, line breaks and the form of apostrophes. */
export function phrasePattern(phrase: string): RegExp {
  const words = phrase.normalize('NFC').trim().split(/\s+/);
  const body = words.map((word) => escaped(word).replace(/['’]/g, "['’]")).join('\\s+');
  return new RegExp(`${boundary(phrase.trim(), 'before')}${body}${boundary(phrase.trim(), 'after')}`, 'giu');
}

/** `a, b and c`, each in quotation marks. */
export function quotedList(phrases: readonly string[], joint: 'and' | 'or' = 'and'): string {
  const quoted = phrases.map((phrase) => `“${phrase.trim()}”`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${joint} ${quoted.at(-1)}`;
}

/** Scripts that write words without blanks between them have no boundary to look for. */
const joinedScripts = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}]/u;

function boundary(phrase: string, side: 'before' | 'after'): string {
  const letters = Array.from(phrase);
  const outermost = (side === 'before' ? letters[0] : letters.at(-1)) ?? '';
  if (!/[\p{L}\p{N}]/u.test(outermost) || joinedScripts.test(outermost)) return '';
  return side === 'before' ? '(?<![\\p{L}\\p{N}])' : '(?![\\p{L}\\p{N}])';
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
