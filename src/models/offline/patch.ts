import { cited } from './citation.ts';
import { splitDocument } from './front-matter.ts';
import { relevance, termsOf } from './ranking.ts';
import { plainHeading } from './requirements.ts';
import { sentencesOf } from './sentences.ts';
import type { Weights } from './ranking.ts';
import type { Sentence } from './sentences.ts';

const CITATIONS = /\[\[[^\]\n]+\]\]|\(\[[^\]\n]*\]\([^()\n]*\)\)/g;

/** The text without this sentence; its line goes too when nothing else stands on it. */
export function withoutSentence(text: string, sentence: Sentence): string {
  const before = text.slice(0, sentence.start);
  const after = text.slice(sentence.end);
  const line = /(?:^|\n)([ \t]*(?:[-*+>][ \t]*|\d+[.)][ \t]*)?)$/.exec(before)?.[1];
  const isLast = /^[ \t]*(?:\n|$)/.test(after);
  if (!isLast) return before + after.replace(/^\s+/, '');
  if (line === undefined) return before.replace(/[ \t]+$/, '') + after;
  const kept = before.slice(0, before.length - line.length);
  const rest = after.replace(/^[ \t]*\n?/, '');
  return kept + (kept === '' || kept.endsWith('\n\n') ? rest.replace(/^\n/, '') : rest);
}

/** Like {@link withoutSentence}, but the sentence before it takes over the sources that spoke for both. */
export function withoutCitedSentence(text: string, sentence: Sentence): string {
  const marks = sentence.raw.match(CITATIONS)?.join(' ');
  const before = sentencesOf(text).findLast(
    (other) => other.end <= sentence.start && other.block === sentence.block,
  );
  const rest = withoutSentence(text, sentence);
  if (!marks || !before || before.raw.search(CITATIONS) >= 0) return rest;
  return withWording(rest, before, cited(before.raw, marks));
}

/** The text with a sentence replaced by another wording. */
export function withWording(text: string, sentence: Sentence, wording: string): string {
  return text.slice(0, sentence.start) + wording + text.slice(sentence.end);
}

/** The text with an addition at the end of the paragraph that it fits best; never of the last one, which closes the text. */
export function withAddition(text: string, addition: string, weights: Weights): string {
  const ends = paragraphEnds(text);
  if (ends.length === 0) return `${text.trimEnd()}\n\n${addition}\n`;
  const query = new Set(termsOf(addition));
  const places = ends.length > 1 ? ends.slice(0, -1) : ends;
  const fits = places.map(({ heading, words }) => relevance(query, termsOf(`${heading} ${words}`), weights));
  const place = places[fits.indexOf(Math.max(...fits))] ?? places[0];
  return place ? `${text.slice(0, place.end)} ${addition}${text.slice(place.end)}` : text;
}

export function withSection(text: string, heading: string, paragraph: string): string {
  return `${text.trimEnd()}\n\n## ${heading}\n\n${paragraph}\n`;
}

/** The text with a paragraph right under a heading that has none. */
export function withParagraph(text: string, heading: string, paragraph: string): string {
  for (const match of text.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)) {
    if (plainHeading(match[1] ?? '') !== plainHeading(heading)) continue;
    const end = match.index + match[0].length;
    return `${text.slice(0, end)}\n\n${paragraph}\n${text.slice(end).replace(/^\n{0,2}/, '\n')}`;
  }
  return text;
}

/** Headings of the second level and below with nothing under them. */
export function emptyHeadings(text: string): readonly string[] {
  const { body } = splitDocument(text);
  return [...body.matchAll(/^#{2,6}[ \t]+(.+?)[ \t]*#*\n\s*(?=#{1,2}[ \t]|$(?![\s\S]))/gm)].map(
    (match) => match[1] ?? '',
  );
}

function paragraphEnds(text: string): { end: number; heading: string; words: string }[] {
  const ends = new Map<number, { end: number; heading: string; words: string }>();
  for (const { block, end, heading, text: words, isItem } of sentencesOf(text)) {
    if (!isItem) ends.set(block, { end, heading, words: `${ends.get(block)?.words ?? ''} ${words}` });
  }
  return [...ends.values()];
}
