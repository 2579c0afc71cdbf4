import { termsOf } from './tokens.ts';

const most = 240;

/**
 * The passage of a note around its best matching sentence, at most 240 characters, cut between words.
 * `weights`: how much each term of the query tells.
 */
export function excerptOf(body: string, weights: ReadonlyMap<string, number>): string {
  const sentences = sentencesOf(body);
  const scores = sentences.map((sentence) => weigh(sentence, weights));
  let best = scores.indexOf(Math.max(...scores, 0));
  if (best < 0) best = 0;
  let passage = sentences[best] ?? '';
  if (passage.length > most) return cut(passage, weights);
  for (let next = best + 1; next < sentences.length; next += 1) {
    const longer = `${passage} ${sentences[next]}`;
    if (longer.length > most) break;
    passage = longer;
  }
  return passage;
}

/** Sentences and list entries, without the marks of Markdown that begin a line. */
function sentencesOf(body: string): string[] {
  return body
    .split(/\n+/)
    .map((line) => line.replace(/^[\s>]*(?:#{1,6} |[-*+] |\d+[.)] )?/, '').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .flatMap((line) => line.split(/(?<=[.!?。！？]["”’)]?)\s+/));
}

function weigh(text: string, weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const term of new Set(termsOf(text))) sum += weights.get(term) ?? 0;
  return sum;
}

/** Of a sentence that is too long, the stretch of whole words that matches best. */
function cut(sentence: string, weights: ReadonlyMap<string, number>): string {
  const words = sentence.split(/\s+/).flatMap((word) => piecesOf(word));
  const values = words.map((word) => weigh(word, weights));
  const room = most - 2;
  let best = { from: 0, to: 0, value: -1 };
  let from = 0;
  let length = -1;
  let value = 0;
  for (let to = 0; to < words.length; to += 1) {
    length += (words[to]?.length ?? 0) + 1;
    value += values[to] ?? 0;
    while (length > room) {
      length -= (words[from]?.length ?? 0) + 1;
      value -= values[from] ?? 0;
      from += 1;
    }
    if (value > best.value) best = { from, to, value };
  }
  const end = extended(words, best, room);
  const passage = words.slice(best.from, end + 1).join(' ');
  return `${best.from > 0 ? '…' : ''}${passage}${end < words.length - 1 ? '…' : ''}`;
}

/** What room is left after the best stretch goes to the words after it. */
function extended(words: readonly string[], best: { from: number; to: number }, room: number): number {
  let end = best.to;
  let length = words.slice(best.from, end + 1).join(' ').length;
  for (let next = words[end + 1]; next !== undefined; next = words[end + 1]) {
    length += next.length + 1;
    if (length > room) break;
    end += 1;
  }
  return end;
}

/** A “word” longer than an excerpt (a URL, a text without spaces) in pieces that fit. */
function piecesOf(word: string): string[] {
  return word.length <= most / 4 ? [word] : (word.match(/.{1,60}/gu) ?? []);
}
