import matter from 'gray-matter';
import {
  noteHeadNotClosed,
  noteHeadNotKeys,
  noteInvalid,
  noteLanguageRefused,
  noteTooLarge,
} from '../base/failures/memory.ts';
import { isObject } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import { noteHeadSchema, type Note, type NoteHead } from '../contracts/memory.ts';
import { readIssue, wordIssue } from '../contracts/yaml-issue.ts';

/**
 * Reads a note. A note without front matter is a note too: its id is then its path below `memory/`, its
 * title the first heading or the file's name. Throws `note.invalid` with file and line, `file.too-large`.
 */
export function parseNote(path: string, text: string): Note {
  if (text.length > limits.noteBytes) throw noteTooLarge(path, limits.noteBytes);
  const { data, body, lines } = split(path, text.replace(/^\uFEFF/, ''));
  const named = { ...data, id: data.id ?? idOf(path), title: data.title ?? titleOf(path, body) };
  const checked = noteHeadSchema.safeParse(named, { error: wordIssue, reportInput: true });
  if (checked.success) return { head: checked.data, body, path };
  const [issue] = checked.error.issues;
  const key = String(issue?.path[0] ?? '');
  const sentence = issue ? readIssue(issue, []).sentence : 'The front matter is not valid';
  throw noteInvalid(
    { file: path, line: lineOf(lines, key) },
    `${sentence}.`,
    `Correct “${key}” and save the file.`,
  );
}

interface Parts {
  /** Keys with a value; an empty one is as if it were not there. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The front matter's lines; the first stands in line 2 of the file. */
  readonly lines: readonly string[];
}

function split(path: string, text: string): Parts {
  const first = /^---(?!-)([^\r\n]*)/.exec(text);
  if (!first) return { data: {}, body: text, lines: [] };
  const language = (first[1] ?? '').trim();
  if (!/^(ya?ml)?$/i.test(language)) throw noteLanguageRefused(path, language);
  if (!/\n---/.test(text)) throw noteHeadNotClosed(path);
  const file = parsed(path, text);
  const lines = file.matter.replace(/^\r?\n/, '').split(/\r?\n/);
  const data: unknown = file.data;
  if (!isObject(data)) throw noteHeadNotKeys({ file: path, line: 2 });
  const filled = Object.entries(data).filter(([, value]) => value !== null && value !== '');
  return { data: Object.fromEntries(filled), body: file.content, lines };
}

/** With options, the library neither uses nor fills its cache of results, which all callers would share. */
function parsed(path: string, text: string): matter.GrayMatterFile<string> {
  try {
    return matter(text, { language: 'yaml', engines: yamlOnly });
  } catch (thrown) {
    const { message, line } = yamlFault(thrown);
    throw noteInvalid(
      { file: path, line },
      `The front matter is not valid YAML: ${message}.`,
      'Correct this line; put a value that has “: ” or “#” in it in quotes.',
    );
  }
}

/** Shadows the library's own engines, one of which evaluates code. */
const yamlOnly = { javascript: refuse, js: refuse, json: refuse, coffee: refuse, toml: refuse };

function refuse(): never {
  throw new Error('only YAML is read');
}

/** The library parses from the line break that ends the first “---”, so its lines count from that line. */
function yamlFault(thrown: unknown): { message: string; line: number } {
  const reason: unknown = Reflect.get(Object(thrown), 'reason');
  const mark: unknown = Reflect.get(Object(thrown), 'mark');
  const line = isObject(mark) && typeof mark.line === 'number' ? mark.line : 0;
  return { message: typeof reason === 'string' ? reason : String(thrown), line: line + 1 };
}

function lineOf(lines: readonly string[], key: string): number {
  return lines.findIndex((line) => line.startsWith(`${key}:`)) + 2;
}

function idOf(path: string): string {
  return path.replace(/^memory\//, '').replace(/\.md$/i, '');
}

function titleOf(path: string, body: string): string {
  const heading = /^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/m.exec(body)?.[1];
  return heading ?? idOf(path).replace(/^.*\//, '').replaceAll(/[-_]+/g, ' ');
}

/** Every name by which other notes may link to a note. */
export function namesOf(head: NoteHead, path: string): ReadonlySet<string> {
  return new Set([head.id, idOf(path), idOf(path).replace(/^.*\//, '')]);
}
