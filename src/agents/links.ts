/** A link of a Markdown text, as written. */
export interface Link {
  /** `note`: `[[target]]`; `inline`: `[text](target)`; `image`: with `!`; `reference`: `[name]: target`. */
  readonly kind: 'note' | 'inline' | 'image' | 'reference';
  /** Without title, label and angle brackets. */
  readonly target: string;
  /** Offset of the link in the text. */
  readonly offset: number;
  /** Offset behind its last character. */
  readonly end: number;
}

/** Longest target with its title; what is longer is no link. */
const longestTarget = 2_000;
/** Parentheses within a target, as deep as CommonMark asks for. */
const deepestTarget = 32;

/** All links of a text whose code is blanked out, in their order. */
export function linksOf(prose: string): Link[] {
  const links = [...noteLinks(prose), ...inlineLinks(prose), ...referenceLinks(prose), ...autoLinks(prose)];
  return links.toSorted((a, b) => a.offset - b.offset);
}

/** Whether a target names another system (`https:`, `mailto:`) rather than a path of the company. */
export function isExternal(target: string): boolean {
  return /^([a-z][a-z0-9+.-]+:|\/\/)/i.test(target);
}

/**
 * The path in the company that a relative target leads to from the file it is written in: `/` is the
 * company folder. Nothing when it leads out of the company. The empty path is the company folder.
 */
export function resolveTarget(target: string, fromFile: string): string | undefined {
  const path = decoded(target.replace(/[#?].*$/s, ''));
  const folder = path.startsWith('/') ? [] : fromFile.split('/').slice(0, -1);
  const resolved = [...folder];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') resolved.push(part);
    else if (resolved.pop() === undefined) return undefined;
  }
  return resolved.join('/');
}

function noteLinks(prose: string): Link[] {
  return [...prose.matchAll(/!?\[\[([^[\]\n|#]{1,300})(?:[|#][^[\]\n]{0,300})?\]\]/g)].map((match) => ({
    kind: 'note',
    target: (match[1] ?? '').trim(),
    offset: match.index,
    end: match.index + match[0].length,
  }));
}

/** One pass: every `]` closes the nearest open `[`, and is a link when a target follows. */
function inlineLinks(prose: string): Link[] {
  const links: Link[] = [];
  const open: number[] = [];
  for (const { 0: bracket, index } of prose.matchAll(/[[\]]/g)) {
    if (bracket === '[') open.push(index);
    const from = bracket === ']' ? open.pop() : undefined;
    if (from === undefined || prose[index + 1] !== '(') continue;
    const target = readTarget(prose.slice(index + 2, index + 2 + longestTarget));
    if (!target) continue;
    const image = prose[from - 1] === '!';
    links.push({
      kind: image ? 'image' : 'inline',
      target: target.text,
      offset: image ? from - 1 : from,
      end: index + 2 + target.length,
    });
  }
  return links;
}

function referenceLinks(prose: string): Link[] {
  const pattern = /^ {0,3}\[(?!\^)[^[\]\n]{1,300}\]:[ \t]+(?:<([^<>\n]{1,2000})>|([^\s<]\S{0,2000}))/gm;
  return [...prose.matchAll(pattern)].map((match) => ({
    kind: 'reference',
    target: match[1] ?? match[2] ?? '',
    offset: match.index,
    end: match.index + match[0].length,
  }));
}

function autoLinks(prose: string): Link[] {
  return [...prose.matchAll(/(?<!\]\([ \t]{0,4})<(https?:\/\/[^<>\s]{1,2000})>/gi)].map((match) => ({
    kind: 'inline',
    target: match[1] ?? '',
    offset: match.index,
    end: match.index + match[0].length,
  }));
}

/** Reads `target)`, `<target>)` or `target "title")`; parentheses in a bare target must be balanced. */
function readTarget(text: string): { readonly text: string; readonly length: number } | undefined {
  const blanks = /^[ \t]*/.exec(text)?.[0].length ?? 0;
  const angled = /^<([^<>\n]*)>/.exec(text.slice(blanks));
  const target = angled?.[1] ?? bareTarget(text.slice(blanks));
  const length = blanks + (angled?.[0].length ?? target.length);
  const close = /^(?:[ \t\n]+(?:"[^"]*"|'[^']*'))?[ \t]*\)/.exec(text.slice(length));
  return close ? { text: target, length: length + close[0].length } : undefined;
}

function bareTarget(text: string): string {
  let depth = 0;
  let end = 0;
  for (; end < text.length; end += 1) {
    const letter = text.charAt(end);
    if (letter <= ' ' || (letter === ')' && depth === 0) || depth > deepestTarget) break;
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
  }
  return text.slice(0, end);
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
