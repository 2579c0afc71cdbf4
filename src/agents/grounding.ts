import type { Source } from '../contracts/model.ts';
import { contentWords, figures, share } from './lexical.ts';
import { isExternal, linksOf, resolveTarget, type Link } from './links.ts';
import { readDocument } from './markdown.ts';

/** Share of a sentence's words that a source it cites must have. */
const citedShare = 0.3;
/** Share of a sentence's words that a source it does not cite must have: almost a quotation. */
const uncitedShare = 0.6;
/** A sentence with fewer content words claims nothing that could be looked up. */
const leastWords = 4;

interface KnownSource {
  readonly source: Source;
  readonly words: ReadonlySet<string>;
}

/** What a sentence says, and what it cites. */
interface Sentence {
  readonly words: string;
  readonly links: readonly Link[];
}

/**
 * The share of claims in Markdown texts that the sources support, 0 to 1; `null` where nothing is claimed.
 *
 * A claim is a sentence of at least four content words; headings, code, questions and front matter
 * claim nothing. It is supported by a source that has all its figures and either
 *  - is cited in the sentence and has at least 30 % of its content words, or
 *  - has at least 60 % of them, cited or not.
 *
 * It measures words, not meaning: a sentence that turns a source's words into their opposite passes,
 * a good paraphrase without a citation does not. It is a hint of where to look, never a proof.
 */
export function measureGrounding(
  files: readonly { readonly path: string; readonly content: string }[],
  sources: readonly Source[],
): number | null {
  const known = sources.map((source) => ({ source, words: contentWords(`${source.title}\n${source.text}`) }));
  let claims = 0;
  let supported = 0;
  for (const { path, content } of files) {
    for (const sentence of sentences(readDocument(path, content).prose)) {
      const words = contentWords(sentence.words);
      if (words.size < leastWords || sentence.words.trimEnd().endsWith('?')) continue;
      claims += 1;
      if (known.some((each) => supports(each, words, cites(sentence, each.source, path)))) supported += 1;
    }
  }
  return claims === 0 ? null : supported / claims;
}

function supports(known: KnownSource, words: ReadonlySet<string>, cited: boolean): boolean {
  if (!figures(words).every((figure) => known.words.has(figure))) return false;
  return share(words, known.words) >= (cited ? citedShare : uncitedShare);
}

function cites(sentence: Sentence, source: Source, path: string): boolean {
  return sentence.links.some(({ kind, target }) => {
    if (kind === 'image') return false;
    if (sameName(target, source.id) || sameName(target, source.uri)) return true;
    if (kind === 'note' || isExternal(target)) return sameName(`${target}.md`, source.uri);
    return resolveTarget(target, path) === source.uri.replace(/^\/+/, '');
  });
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Sentences of running text, list items and table rows. A citation behind the full stop belongs to the sentence before. */
function sentences(prose: string): Sentence[] {
  const found: Sentence[] = [];
  for (const block of blocks(prose)) {
    const parts: string[] = [];
    for (const part of block.split(/(?<=[.!?][)"”’']?)\s+(?=[^\s\p{Ll}])|(?<=[。！？])/u)) {
      const onlyLinks = contentWords(withoutLinks(part)).size === 0;
      if (onlyLinks && parts.length > 0) parts[parts.length - 1] += ` ${part}`;
      else parts.push(part);
    }
    found.push(...parts.map(readSentence));
  }
  return found;
}

/** Paragraphs, list items and table rows, without their marks; headings and rules are left out. */
function blocks(prose: string): string[] {
  const found: string[] = [];
  let paragraph: string[] = [];
  for (const line of [...prose.split('\n'), '']) {
    const heading = /^ {0,3}#{1,6}(\s|$)/.test(line);
    const item = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+|[>|]\s*)/.exec(line)?.[0];
    if (line.trim() === '' || heading || item !== undefined) {
      found.push(paragraph.join(' '));
      paragraph = [];
    }
    if (!heading) paragraph.push(line.slice(item?.length ?? 0).trim());
  }
  return found.filter((block) => block.trim() !== '');
}

function readSentence(text: string): Sentence {
  return { words: withoutLinks(text), links: linksOf(text) };
}

/** The text without targets and note links; the words of an inline link's label stay. */
function withoutLinks(text: string): string {
  return text.replace(/!?\[\[[^[\]]{0,600}\]\]/g, ' ').replace(/\]\([^()]{0,2000}\)/g, ' ');
}
