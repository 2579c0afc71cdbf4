import { partFrontMatter, type Parted } from './front-matter.ts';

/** A text file, with its Markdown parts told apart if it is Markdown. */
export interface TextDocument {
  /** Path in the company, with forward slashes. */
  readonly path: string;
  readonly markdown: boolean;
  readonly head: Pick<Parted, 'frontMatter' | 'yaml'>;
  readonly body: string;
  /** Line of the file on which the body begins, from 1. */
  readonly bodyLine: number;
  /** The body with code and comments blanked out; every character keeps its place. */
  readonly prose: string;
  /** Offsets into the body at which its lines begin. */
  readonly lineStarts: readonly number[];
}

export interface Heading {
  readonly text: string;
  readonly level: number;
}

/** Accents are composed and line ends made `\n`, so that texts can be compared and lines counted. */
export function readDocument(path: string, content: string): TextDocument {
  const markdown = /\.(md|markdown|mdx)$/i.test(path);
  const text = content.normalize('NFC');
  const { frontMatter, yaml, body, bodyLine } = markdown ? partFrontMatter(text) : unparted(text);
  return {
    path,
    markdown,
    head: { frontMatter, yaml },
    body,
    bodyLine,
    prose: markdown ? blankCode(body) : body,
    lineStarts: [0, ...Array.from(body.matchAll(/\n/g), (match) => match.index + 1)],
  };
}

function unparted(text: string): Parted {
  return { frontMatter: 'none', yaml: '', body: text.replace(/\r\n?/g, '\n'), bodyLine: 1 };
}

/** Line of the file, from 1, of an offset into the body. */
export function lineAt(document: TextDocument, offset: number): number {
  const { lineStarts, bodyLine } = document;
  let [low, high] = [0, lineStarts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return bodyLine + low;
}

/** Line of the file of an offset into the front matter, which begins below the first `---`. */
export function headLineAt(document: TextDocument, offset: number): number {
  return 1 + document.head.yaml.slice(0, offset).split('\n').length;
}

/** Headings outside of code: `# like this`, and underlined ones. */
export function headings(document: TextDocument): Heading[] {
  const lines = document.prose.split('\n');
  const source = document.body.split('\n');
  return lines.flatMap((line, i): Heading[] => {
    const marks = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(line)?.[1];
    if (marks !== undefined) {
      const text = (source[i] ?? '')
        .trim()
        .slice(marks.length)
        .trim()
        .replace(/(^|[ \t])#+$/, '');
      return [{ text: text.trim(), level: marks.length }];
    }
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(lines[i + 1] ?? '')?.[1];
    const level = underline?.startsWith('=') ? 1 : 2;
    return underline !== undefined && isParagraph(line) ? [{ text: (source[i] ?? '').trim(), level }] : [];
  });
}

/** A line that can be the text of an underlined heading: not blank, not a list, quote, table or rule. */
function isParagraph(line: string): boolean {
  return line.trim() !== '' && !/^\s*([-*+>|]|\d+[.)]\s|={3,}|#)/.test(line);
}

/** Blanks fenced code, then code spans, then comments. */
function blankCode(body: string): string {
  const withoutFences = blankFences(body.split('\n'));
  return withoutFences
    .split(/(\n[ \t]*\n)/)
    .map(blankSpans)
    .join('')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, blank);
}

function blankFences(lines: readonly string[]): string {
  let fence: string | undefined;
  const blanked = lines.map((line) => {
    const marks = /^[ \t>]*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) {
      if (marks === undefined || (marks.startsWith('`') && opensNoFence(line, marks))) return line;
      fence = marks;
      return blank(line);
    }
    if (marks?.startsWith(fence) && line.trim().replace(/^[> \t]+/, '') === marks) fence = undefined;
    return blank(line);
  });
  return blanked.join('\n');
}

/** A fence of backticks has none in the rest of its line; otherwise it is a code span. */
function opensNoFence(line: string, marks: string): boolean {
  return line.slice(line.indexOf(marks) + marks.length).includes('`');
}

/** Blanks code spans of one paragraph: from a run of backticks to the next run of the same length. */
function blankSpans(paragraph: string): string {
  const runs = [...paragraph.matchAll(/`+/g)];
  const next = nextOfSameLength(runs);
  let result = '';
  let from = 0;
  for (const [i, run] of runs.entries()) {
    const end = next[i];
    if (run.index < from || end === undefined) continue;
    const until = end.index + end[0].length;
    result += paragraph.slice(from, run.index) + blank(paragraph.slice(run.index, until));
    from = until;
  }
  return result + paragraph.slice(from);
}

function nextOfSameLength(runs: readonly RegExpExecArray[]): (RegExpExecArray | undefined)[] {
  const nearest = new Map<number, RegExpExecArray>();
  const next: (RegExpExecArray | undefined)[] = [];
  for (let i = runs.length - 1; i >= 0; i -= 1) {
    const run = runs[i];
    if (!run) continue;
    next[i] = nearest.get(run[0].length);
    nearest.set(run[0].length, run);
  }
  return next;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
