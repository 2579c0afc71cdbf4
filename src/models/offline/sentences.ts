import { splitDocument } from './front-matter.ts';
import { tidy } from './tidy.ts';

/** A sentence of a Markdown text. */
export interface Sentence {
  /** Verbatim: a slice of the text. */
  readonly raw: string;
  /** As prose: without Markdown, on one line. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Sentences with the same number stand in the same paragraph or list item. */
  readonly block: number;
  readonly isItem: boolean;
  /** The heading above it. */
  readonly heading: string;
}

interface Block {
  start: number;
  end: number;
  readonly isItem: boolean;
  readonly heading: string;
}

/** What is read of one text; the rest of a longer one is left aside, so that work stays bounded. */
const TEXT_LENGTH = 96 * 1024;
const SENTENCES = 800;

const ITEM = /^\s*(?:[-*+]|\d{1,3}[.)])\s+/;
const NO_PROSE = /^\s*(?:\||<!--|[-*_=]{3,}\s*$|!\[[^\]]*\]\([^)]*\)\s*$)/;
const ABBREVIATION =
  /(?:^|[\s(“"'])(?:e\.g|i\.e|etc|vs|approx|ca|no|nr|mr|mrs|ms|dr|prof|st|inc|ltd|co|fig|p|pp|[a-z])\.$/i;

/** Sentences of a Markdown text, in order. Front matter, headings, code, tables and comments have none. */
export function sentencesOf(text: string): readonly Sentence[] {
  const read = text.slice(0, TEXT_LENGTH);
  const sentences: Sentence[] = [];
  for (const [number, block] of blocksOf(read).entries()) {
    for (const [start, end] of cuts(read.slice(block.start, block.end))) {
      if (sentences.length === SENTENCES) return sentences;
      const raw = read.slice(block.start + start, block.start + end);
      const found = { raw, text: tidy(raw), start: block.start + start, end: block.start + end };
      if (found.text !== '')
        sentences.push({ ...found, block: number, isItem: block.isItem, heading: block.heading });
    }
  }
  return sentences;
}

function blocksOf(text: string): Block[] {
  const { head } = splitDocument(text);
  const blocks: Block[] = [];
  const state = { at: head.length, heading: '', isCode: false, open: undefined as Block | undefined };
  for (const line of text.slice(head.length).split('\n')) {
    const start = state.at;
    state.at += line.length + 1;
    if (/^\s*(```|~~~)/.test(line)) state.isCode = !state.isCode;
    const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1];
    if (heading !== undefined && !state.isCode) state.heading = tidy(heading);
    const isProse =
      !state.isCode && heading === undefined && line.trim() !== '' && !/^\s*(```|~~~)/.test(line);
    if (!isProse || NO_PROSE.test(line)) state.open = undefined;
    else if (state.open && !ITEM.test(line)) state.open.end = start + line.length;
    else blocks.push((state.open = newBlock(line, start, state.heading)));
  }
  return blocks;
}

function newBlock(line: string, start: number, heading: string): Block {
  const marker = (ITEM.exec(line) ?? /^\s*(?:>\s?)*/.exec(line))?.[0] ?? '';
  return { start: start + marker.length, end: start + line.length, isItem: ITEM.test(line), heading };
}

/** Where the sentences of a block begin and end. */
function cuts(block: string): [number, number][] {
  const found: [number, number][] = [];
  let start = 0;
  const add = (end: number): void => {
    const raw = block.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    if (raw.trim() !== '') found.push([start + lead, start + raw.trimEnd().length]);
    start = end;
  };
  for (const match of block.matchAll(/[.!?…]["”’')\]*_]{0,4}(?=\s)/g)) {
    const end = match.index + match[0].length;
    const next = /^\s+["“‘'([*_]{0,4}(.)/u.exec(block.slice(end, end + 12))?.[1] ?? '';
    const before = block.slice(Math.max(start, match.index - 12), match.index + 1);
    if (!/[\p{Ll}]/u.test(next) && !ABBREVIATION.test(before)) add(end);
  }
  add(block.length);
  return found;
}
