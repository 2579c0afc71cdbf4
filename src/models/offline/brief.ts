import { readHead } from './front-matter.ts';
import { sentencesOf } from './sentences.ts';
import { tidy } from './tidy.ts';
import type { Source } from '../../contracts/model.ts';

/** What parts of a brief are about. `story` is everything that may go into the text as it is. */
export type BriefPart = (typeof PARTS)[number][0];

/** Words that a heading or a label may have, in the order in which they are tried. */
const PARTS = [
  ['mentions', /\b(must|mentions?|includes?)\b/i],
  ['avoid', /\b(avoid|don['’]?t|do not|never|out of scope|forbidden|risks?)\b/i],
  ['message', /\b(message|takeaway|main point|promise)\b/i],
  ['action', /\b(call to action|cta|next steps?|what to do)\b/i],
  ['audience', /\b(audience|readers?|for whom|who (is|it)|persona)\b/i],
  ['deadline', /\b(deadline|due|publish(ed|ing)? (on|by|date)|launch date|timing)\b/i],
  [
    'form',
    /\b(tone|voice|style|format|length|channel|words?|owner|status|sources?|author|tags|slug|date|type|id|run|step)\b/i,
  ],
  ['goal', /\b(goals?|objectives?|purpose|aim|why)\b/i],
  ['points', /\b(points?|outline|structure|cover|arguments?|ideas)\b/i],
  ['story', /./],
] as const satisfies readonly (readonly [string, RegExp])[];

export interface Brief {
  readonly source: Source;
  readonly title: string;
  /** Sentences and items by what they are about, in order, as prose. */
  readonly parts: Readonly<Partial<Record<BriefPart, readonly string[]>>>;
}

/** The brief among the sources: a file that says so, or else the one with the most parts of a brief. */
export function findBrief(sources: readonly Source[]): Brief | undefined {
  const files = sources.filter((source) => source.kind === 'file' && !isWork(source));
  const named = files.find(isBrief);
  if (named) return readBrief(named);
  return files.map(readBrief).find(({ parts }) => Object.keys(parts).length >= 3);
}

/** Whether a file says of itself, by its path, that it is a brief. */
export function isBrief({ uri }: Source): boolean {
  return /(^|[/_-])briefs?([/._-]|$)/i.test(uri);
}

/** Whether a file is itself the work of a loop: a plan, a draft, something published. */
export function isWork(source: Source): boolean {
  const head = readHead(source.text);
  return head.has('run') || /^(draft|edited|published)$/.test(head.get('status') ?? '');
}

export function readBrief(source: Source): Brief {
  const parts: Partial<Record<BriefPart, string[]>> = {};
  const add = (part: BriefPart, text: string): void => void (parts[part] ??= []).push(text);
  for (const [key, value] of readHead(source.text)) {
    const part = partOf(key.replace(/[-_]/g, ' '));
    if (value && part !== 'story' && part !== 'form' && key !== 'title') add(part, value);
  }
  const title = tidy(/^#[ \t]+(.+)$/m.exec(source.text)?.[1] ?? '');
  let labelled: { readonly block: number; readonly part: BriefPart } | undefined;
  for (const { text, block, heading } of sentencesOf(source.text)) {
    const label = /^([\p{L}][\p{L}’' -]{1,30}):\s+(\S.*)$/u.exec(text);
    const part = label ? partOf(label[1] ?? '') : 'story';
    if (part !== 'story') labelled = { block, part };
    if (part !== 'story') add(part, label?.[2] ?? '');
    else if (labelled?.block === block) add(labelled.part, text);
    else add(heading === title ? 'story' : partOf(heading), text);
  }
  return { source, title: titleOf(source), parts };
}

export function titleOf(source: Source): string {
  const named = readHead(source.text).get('title') ?? /^#[ \t]+(.+)$/m.exec(source.text)?.[1] ?? source.title;
  const title = tidy(named).replace(/^(brief|draft|plan)\s*[:–—-]\s*/i, '');
  return title || source.title || source.id;
}

/** A long heading is about its subject, not about a part of a brief. */
function partOf(heading: string): BriefPart {
  if (heading === '' || heading.split(' ').length > 5) return 'story';
  return PARTS.find(([, words]) => words.test(heading))?.[0] ?? 'story';
}
