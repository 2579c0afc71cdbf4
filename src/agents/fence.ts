/**
 * Fences around data in a prompt (promise P7): data stands between lines that bear a marker, and the
 * marker occurs in none of the data, so no text can end its own fence or begin another one.
 */

/**
 * A word of seven letters that occurs in none of the texts; the same texts always give the same one.
 * It depends on all of them, so that nobody can list the candidates beforehand.
 */
export function newMarker(texts: readonly string[]): string {
  const seen = texts.map(comparable);
  return firstAbsent(seen, (salt) => hash(seen, salt));
}

/** The first candidate that none of the texts holds; this, not chance, is what keeps the fences shut. */
export function firstAbsent(texts: readonly string[], candidate: (salt: number) => string): string {
  for (let salt = 0; ; salt += 1) {
    const word = candidate(salt);
    if (texts.every((text) => !text.includes(word))) return word;
  }
}

/** Data between an opening and a closing line. `attributes` are put down as JSON strings. */
export function fenced(
  marker: string,
  name: string,
  data: string,
  attributes: Readonly<Record<string, string>> = {},
): string {
  const described = Object.entries(attributes).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  return `<${name} ${marker}${described.join('')}>\n${data}\n</${name} ${marker}>`;
}

/** A text as a reader might see it: without case, compatibility forms and invisible characters. */
function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();
}

/** FNV-1a over all texts, as seven letters. Source: Fowler, Noll, Vo; public domain. */
function hash(texts: readonly string[], salt: number): string {
  let value = (0x811c9dc5 ^ salt) >>> 0;
  for (const text of texts) {
    for (let i = 0; i < text.length; i += 1) {
      value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
    }
    value = Math.imul(value ^ 0xffff, 0x01000193) >>> 0;
  }
  return value
    .toString(36)
    .padStart(7, '0')
    .slice(-7)
    .replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}
