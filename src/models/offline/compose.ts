import { yamlText } from './front-matter.ts';
import { attribute, speak } from './job.ts';
import { relevance, termsOf, weigh } from './ranking.ts';
import { asSentence, countWords } from './tidy.ts';
import { isStatement } from './evidence.ts';
import type { Job } from './job.ts';

/** Paragraphs under a heading; the opening has none. */
export interface Section {
  readonly heading?: string;
  readonly paragraphs: readonly string[];
}

const LEAST_FIT = 0.1;
const LEAST_FIT_ALONE = 0.05;
const PASSAGES_PER_PARAGRAPH = 2;
const MOST_PASSAGES = 6;
const WORDS_PER_SECTION = 85;
/** A passage has room for at least so many words, whatever the budget. */
const LEAST_ROOM = 45;
/** Honest where a heading was asked for and no source speaks to it. */
export const NOTHING_KNOWN = 'Neither the brief nor the notes say anything about this yet.';

/** A Markdown document: front matter, title, sections. */
export function writeDocument(
  head: Readonly<Record<string, string | readonly string[]>>,
  title: string,
  sections: readonly Section[],
): string {
  const lines = Object.entries(head).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [`${key}: ${yamlText(value)}`]
      : [`${key}:`, ...value.map((item) => `  - ${yamlText(item)}`)],
  );
  const body = sections.flatMap(({ heading, paragraphs }) => [
    ...(heading ? [`## ${heading}`] : []),
    ...paragraphs,
  ]);
  return `---\n${lines.join('\n')}\n---\n\n# ${title}\n\n${body.join('\n\n')}\n`;
}

/** How many words each section may take, so that the whole fits what was asked for. */
export function sectionBudget(job: Job, sections: number, spent: number): number {
  const { minWords, maxWords } = job.wanted;
  const wished = Math.max(minWords * 1.1, sections * WORDS_PER_SECTION + spent);
  return Math.max(20, (Math.min(wished, maxWords * 0.92) - spent) / Math.max(1, sections));
}

const WIDER: readonly (readonly [RegExp, string])[] = [
  [/\b(price|pricing|cost|fee|budget|invest)/i, 'price cost fee fixed quote budget € eur invoice deposit'],
  [/\b(timing|timeline|schedule|when|plan)\b/i, 'week weeks day days month schedule start finish'],
  [/\b(work|process|approach|how)\b/i, 'process first sketch round changes meeting call'],
  [/\b(next|start|begin)/i, 'call book reply start'],
  [/\b(proof|seen|result|outcome|experience|learned|learnt)/i, 'result outcome customer said grew percent'],
];

export interface SectionWish {
  readonly heading: string;
  /** What the brief says on it, as it is. */
  readonly statements: readonly string[];
  /** Words that only steer which notes are taken. */
  readonly hints: string;
  readonly words: number;
  /** Whether the brief has to be named here. */
  readonly namesBrief: boolean;
}

/** A section from what the brief says and the passages that fit it best; empty when nothing speaks to it. */
export function composeSection(job: Job, wish: SectionWish): Section {
  const told = wish.statements.map(asSentence);
  told.forEach((sentence) => job.chooser.remember(sentence));
  const names = wish.namesBrief && told.length > 0 && job.brief;
  const opening = names ? attribute(told, names.source, job.path) : told.join(' ');
  const spoken = speakTo(job, wish, countWords(opening));
  const paragraphs = [opening, ...inParagraphs(spoken)].filter((paragraph) => paragraph !== '');
  return { heading: wish.heading, paragraphs };
}

function speakTo(job: Job, wish: SectionWish, before: number): string[] {
  const spoken: string[] = [];
  let words = before;
  while (spoken.length < MOST_PASSAGES && (words < wish.words * 0.8 || spoken.length === 0)) {
    const least = words === 0 ? LEAST_FIT_ALONE : LEAST_FIT;
    const room = Math.max(LEAST_ROOM, wish.words * 1.25 - words);
    const passage = job.chooser.pick({ about: `${widened(wish.heading)} ${wish.hints}`, least, words: room });
    if (!passage) break;
    spoken.push(speak(passage, job.path));
    words += passage.words;
  }
  return spoken;
}

/** A plain heading with the words that texts on it use. */
function widened(heading: string): string {
  return [heading, ...WIDER.flatMap(([words, more]) => (words.test(heading) ? [more] : []))].join(' ');
}

function inParagraphs(passages: readonly string[]): string[] {
  const count = Math.ceil(passages.length / PASSAGES_PER_PARAGRAPH);
  return Array.from({ length: count }, (_, i) =>
    passages.slice(i * PASSAGES_PER_PARAGRAPH, (i + 1) * PASSAGES_PER_PARAGRAPH).join(' '),
  );
}

/** The sections with a closing under the last one. One that nothing speaks to says so if it was asked for. */
export function closed(job: Job, sections: readonly Section[], closing: readonly string[]): Section[] {
  const withClosing = sections.map((section, i) =>
    i === sections.length - 1 ? { ...section, paragraphs: [...section.paragraphs, ...closing] } : section,
  );
  const isAsked = ({ heading }: Section): boolean =>
    heading !== undefined && job.wanted.sections.includes(heading);
  return withClosing
    .filter((section) => section.paragraphs.length > 0 || isAsked(section))
    .map((section) =>
      section.paragraphs.length > 0 ? section : { ...section, paragraphs: [NOTHING_KNOWN] },
    );
}

/** Each text goes to the heading it fits best; what fits none is spread in order. */
export function allot(texts: readonly string[], headings: readonly string[]): readonly string[][] {
  const shelves: string[][] = headings.map(() => []);
  const weights = weigh(headings.map(termsOf));
  const queries = headings.map((heading) => new Set(termsOf(heading)));
  for (const [i, text] of texts.entries()) {
    const terms = termsOf(text);
    const fits = queries.map((query) => relevance(query, terms, weights));
    const best = Math.max(...fits);
    const place = best > 0 ? fits.indexOf(best) : Math.floor((i * headings.length) / texts.length);
    shelves[place]?.push(text);
  }
  return shelves;
}

/** What the brief says that readers may be told as it is. */
export function statementsOf(texts: readonly string[] | undefined): readonly string[] {
  return (texts ?? []).map(toldOutright).filter((text) => isStatement({ text, heading: '' }));
}

/** “Explain that fixed prices help.” is “Fixed prices help.” to a reader. */
export function toldOutright(text: string): string {
  const told =
    /^(?:explain|say|show|point out|make (?:it )?clear|tell (?:them|readers))\s+that\s+(.+)$/is.exec(
      text,
    )?.[1];
  return told === undefined ? text : asSentence(told);
}

/** The brief’s call to action, as said to the reader. */
export function callToAction(job: Job): readonly string[] {
  const action = (job.brief?.parts.action ?? [])
    .slice(0, 2)
    .join(' ')
    .replace(/^["“]|["”]$/g, '');
  const asked = /^(?:ask|invite|encourage|tell|get)\s+(?:\w+\s+){1,3}?to\s+(.+)$/is.exec(action)?.[1];
  return action === '' ? [] : [asSentence(asked ?? action)];
}
