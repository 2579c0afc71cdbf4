import { readHead, splitDocument } from './front-matter.ts';
import { countWords, holds } from './tidy.ts';
import type { Feedback, Material } from '../../contracts/model.ts';

/** What a text has to be, read from expectations in words and from what checks found. */
export interface Requirements {
  readonly minWords: number;
  readonly maxWords: number;
  readonly mentions: readonly string[];
  readonly forbids: readonly string[];
  readonly sections: readonly string[];
  readonly keys: readonly string[];
  readonly minCites: number;
  /** Targets of links that lead nowhere. */
  readonly deadLinks: readonly string[];
}

type Found = Partial<Requirements>;

/** Texts in quotation marks, as checks quote phrases. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/“([^”\n]{1,300})”|"([^"\n]{1,300})"|`([^`\n]{1,300})`/g)].map((match) =>
    (match[1] ?? match[2] ?? match[3] ?? '').trim(),
  );
}

/** Everything that is asked of the text, the step's own sections included. */
export function requirementsOf(material: Material): Requirements {
  const failed = material.feedback.flatMap((feedback) =>
    feedback.findings.filter((finding) => !finding.passed),
  );
  const found = [
    ...material.expectations.map(fromWords),
    ...failed.map((finding) => fromWords(finding.message)),
    ...material.feedback.filter((feedback) => feedback.from === 'operator').map(fromOperator),
  ];
  const all = (key: 'mentions' | 'forbids' | 'sections' | 'keys' | 'deadLinks'): string[] => [
    ...new Set(found.flatMap((each) => each[key] ?? [])),
  ];
  return {
    minWords: Math.max(0, ...found.map((each) => each.minWords ?? 0)),
    maxWords: Math.min(...found.map((each) => each.maxWords ?? Infinity)),
    mentions: all('mentions'),
    forbids: all('forbids'),
    sections: [...new Set([...material.sections, ...all('sections')])],
    keys: all('keys'),
    minCites: Math.max(0, ...found.map((each) => each.minCites ?? 0)),
    deadLinks: all('deadLinks'),
  };
}

/** One expectation or one finding; the wording of both says the same things. */
function fromWords(text: string): Found {
  const phrases = quoted(text);
  if (/placeholder/i.test(text)) return {};
  if (/\blinks? to\b/i.test(text)) return { deadLinks: [...phrases, ...noteLinks(text)] };
  if (/front.?matter/i.test(text) && /\bsets?\b|\bneeds?\b/i.test(text)) return { keys: phrases };
  if (/\b(cite|source)/i.test(text)) return { minCites: Number(/least (\d+)/i.exec(text)?.[1] ?? 1) };
  if (/\bheadings?\b|\bsections?\b/i.test(text)) return { sections: phrases };
  if (phrases.length > 0 && /not mention/i.test(text)) return { mentions: phrases };
  if (phrases.length > 0 && /\b(not|never|avoid|avoided|says|without)\b/i.test(text))
    return { forbids: phrases };
  if (phrases.length > 0) return /\b(mention|contain|include|say)/i.test(text) ? { mentions: phrases } : {};
  return fromNumbers(text);
}

function fromNumbers(text: string): Found {
  if (!/\bwords?\b/i.test(text)) return {};
  const range = /(\d+)\s*(?:to|and|–|-)\s*(\d+)\s*words/i.exec(text);
  if (range) return { minWords: Number(range[1]), maxWords: Number(range[2]) };
  const [min, max] = [/least (\d+)/i.exec(text)?.[1], /most (\d+)/i.exec(text)?.[1]];
  return { ...(min ? { minWords: Number(min) } : {}), ...(max ? { maxWords: Number(max) } : {}) };
}

/** The operator writes freely; phrases in quotation marks say what it is about. */
function fromOperator(feedback: Feedback): Found {
  const sentences = feedback.text.split(/(?<=[.;!?])\s+|\n/);
  const dropped = sentences.filter((sentence) =>
    /\b(remove|avoid|drop|don['’]t|do not|never|without)\b/i.test(sentence),
  );
  const kept = sentences.filter(
    (sentence) => /\b(mention|add|include|say)\b/i.test(sentence) && !dropped.includes(sentence),
  );
  const [sections, mentions] = [
    kept.filter((sentence) => /\b(section|heading)\b/i.test(sentence)),
    kept.filter((sentence) => !/\b(section|heading)\b/i.test(sentence)),
  ];
  return {
    ...fromNumbers(feedback.text),
    forbids: dropped.flatMap(quoted),
    sections: sections.flatMap(quoted),
    mentions: mentions.flatMap(quoted),
  };
}

/** What is still missing, in words; empty when the text is as it should be. */
export function unmet(text: string, wanted: Requirements): readonly string[] {
  const { body } = splitDocument(text);
  const head = readHead(text);
  const headings = new Set(headingsOf(body).map(plainHeading));
  const [words, cites] = [countWords(body), citedTargets(body).size];
  return [
    ...(words < wanted.minWords
      ? [`It has ${words} words; at least ${wanted.minWords} were asked for.`]
      : []),
    ...(words > wanted.maxWords ? [`It has ${words} words; at most ${wanted.maxWords} were asked for.`] : []),
    ...wanted.mentions.filter((each) => !holds(body, each)).map((each) => `It does not mention “${each}”.`),
    ...wanted.forbids
      .filter((each) => holds(text, each))
      .map((each) => `It says “${each}”, which is to be avoided.`),
    ...wanted.sections
      .filter((each) => !headings.has(plainHeading(each)))
      .map((each) => `It has no heading “${each}”.`),
    ...wanted.keys
      .filter((each) => !head.get(each))
      .map((each) => `Its front matter does not set “${each}”.`),
    ...(cites < wanted.minCites
      ? [`It cites ${cites} sources; at least ${wanted.minCites} were asked for.`]
      : []),
  ];
}

export function headingsOf(body: string): readonly string[] {
  return [...body.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)].map((match) => match[1] ?? '');
}

/** Case, numbering and final punctuation of a heading do not matter. */
export function plainHeading(text: string): string {
  return text
    .replace(/[*_`~]/g, '')
    .replace(/^\d+([.)]\d*)*[.):]?\s+/, '')
    .trim()
    .replace(/[:.]$/, '')
    .toLowerCase();
}

/** Different targets that a body cites, as `[[note]]` or as a link. */
export function citedTargets(body: string): ReadonlySet<string> {
  const targets = [...body.matchAll(/(?<!!)\[[^[\]\n]*\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? '');
  return new Set([...noteLinks(body), ...targets.filter((target) => !target.startsWith('#'))]);
}

function noteLinks(text: string): string[] {
  return [...text.matchAll(/\[\[([^[\]\n|]{1,300})(?:\|[^[\]\n]*)?\]\]/g)].map((match) => match[1] ?? '');
}

const LEFTOVER =
  /\b(?:TODO|TBD|TBC|TBA|FIXME|XXX|TKTK)\b|[Ll]orem [Ii]psum|\{\{|\{%|\[(?:insert|your|placeholder|client|customer|company|name|date|price|amount)(?: [^[\]\n]{0,80})?\](?![([:])|<(?:insert|your|placeholder)/;

/** Whether a text holds what templates and drafts leave behind. */
export function hasLeftover(text: string): boolean {
  return LEFTOVER.test(text);
}
