import { foldedWords, termOf } from './tokens.ts';

/** Names what the vectors mean: vectors of another space cannot be compared with these. */
export const hashedSpace = { name: 'hashed-ngrams/1', dimensions: 256 } as const;

const charactersPerGram = 4;
const gramWeight = 0.4;
const pairWeight = 0.5;

/**
 * A vector of a text without any model: its terms, pairs of neighbouring terms, and the terms' runs of four
 * characters, each hashed to a signed dimension; length 1. The same text gives the same vector on every
 * machine. Nothing for a text without a term, since a zero vector has no direction.
 */
export function hashedEmbedding(text: string): number[] | undefined {
  const vector = new Array<number>(hashedSpace.dimensions).fill(0);
  let before = '';
  for (const word of foldedWords(text)) {
    const term = termOf(word);
    if (term === undefined) continue;
    addFeature(vector, `t:${term}`, 1);
    if (before !== '') addFeature(vector, `p:${before} ${term}`, pairWeight);
    for (const gram of gramsOf(term)) addFeature(vector, `g:${gram}`, gramWeight);
    before = term;
  }
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : undefined;
}

function gramsOf(term: string): string[] {
  const padded = `^${term}$`;
  const grams: string[] = [];
  for (let i = 0; i + charactersPerGram <= padded.length; i += 1)
    grams.push(padded.slice(i, i + charactersPerGram));
  return grams;
}

/** Signed feature hashing (Weinberger et al., 2009): collisions cancel out instead of adding up. */
function addFeature(vector: number[], feature: string, weight: number): void {
  const hash = fnv1a(feature);
  const at = hash % vector.length;
  const sign = (hash >>> 16) & 1 ? 1 : -1;
  vector[at] = (vector[at] ?? 0) + sign * weight;
}

/** FNV-1a, 32 bits, over UTF-16 code units, with a final mix so that the low bits depend on all. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
