import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Pair, YAMLError } from 'yaml';
import type { z } from 'zod';
import { definitionTooLarge, invalidDefinition, type Flaw } from '../base/failures/definitions.ts';
import type { Place } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { readIssue, wordIssue } from './yaml-issue.ts';

export interface YamlOptions {
  /** Path in the company, for messages. */
  readonly file: string;
  /** Lines of the file before `text`, e.g. the `---` above front matter. */
  readonly lineOffset?: number | undefined;
}

/** A YAML file that was read: its value, and where each part of it is written. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Where a key or its value is written; for a path that does not exist, the nearest thing above it. */
  place(path: readonly PropertyKey[], part?: 'key' | 'value'): Place;
}

/** What a part of a file amounts to, or everything that is wrong with it. */
export type Checked<T> = { readonly value: T } | { readonly flaws: readonly [Flaw, ...Flaw[]] };

/**
 * Parses YAML into what `schema` gives. Throws `definition.invalid` with file, line, column and a
 * remedy (all flaws: the first leads, the others are its causes), `file.too-large` beyond the limit.
 */
export function parseYaml<T>(text: string, schema: z.ZodType<T>, options: YamlOptions): T {
  const yaml = readYaml(text, options);
  const checked = checkYaml(yaml, [], yaml.value, schema);
  if ('flaws' in checked) throw invalidDefinition(checked.flaws);
  return checked.value;
}

/** Reads YAML without a schema: unique keys, no tags of its own, bounded size and aliases. */
export function readYaml(text: string, options: YamlOptions): YamlFile {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > limits.definitionBytes) throw definitionTooLarge(options.file, bytes, limits.definitionBytes);
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const at = lines.linePos(offset);
    return {
      file: options.file,
      line: Math.max(at.line, 1) + (options.lineOffset ?? 0),
      column: Math.max(at.col, 1),
    };
  };
  const document = composed(text, lines, placeAt);
  return {
    file: options.file,
    value: plain(document, placeAt),
    place: (path, part = 'value') => placeAt(offsetOf(document, path, part)),
  };
}

/** Validates one part of a file. Flaws instead of a throw, so that those of several parts can be told at once. */
export function checkYaml<T>(
  yaml: YamlFile,
  path: readonly PropertyKey[],
  value: unknown,
  schema: z.ZodType<T>,
): Checked<T> {
  const result = schema.safeParse(value, { error: wordIssue, reportInput: true });
  if (result.success) return { value: result.data };
  const flaws = result.error.issues.map((issue): Flaw => {
    const read = readIssue(issue, path);
    return {
      at: yaml.place(read.path, read.part),
      message: /[.?!]$/.test(read.sentence) ? read.sentence : `${read.sentence}.`,
    };
  });
  const [first, ...others] = flaws;
  return {
    flaws: first ? [first, ...others] : [{ at: yaml.place(path), message: 'The file is not valid.' }],
  };
}

function composed(text: string, lines: LineCounter, placeAt: (offset: number) => Place): Document.Parsed {
  const document = guarded(placeAt, () =>
    parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      resolveKnownTags: false,
      logLevel: 'error',
    }),
  );
  const flaws = [...document.errors, ...document.warnings].map(
    (error): Flaw => syntaxFlaw(error, text, placeAt),
  );
  const [first, ...others] = flaws;
  if (first) throw invalidDefinition([first, ...others]);
  return document;
}

/** `toJS` refuses alias bombs and deep nesting by throwing. */
function plain(document: Document.Parsed, placeAt: (offset: number) => Place): unknown {
  return guarded(placeAt, () => document.toJS({ maxAliasCount: 100 }) as unknown);
}

function guarded<T>(placeAt: (offset: number) => Place, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw invalidDefinition([{ at: placeAt(0), message: `The file cannot be read as YAML: ${why}.` }]);
  }
}

function syntaxFlaw(error: YAMLError, text: string, placeAt: (offset: number) => Place): Flaw {
  const at = placeAt(error.pos[0]);
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]*/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    return { at, message: `The key “${key}” occurs twice here.`, remedy: 'Keep one of the two.' };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return {
      at,
      message: 'The file holds more than one YAML document.',
      remedy: 'Keep what is above the second “---”.',
    };
  }
  return { at, message: `This is not valid YAML: ${error.message.replace(/\.$/, '')}.` };
}

/** Walks down as far as the path exists; what is missing is reported where its parent is named. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [i, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const last = i === path.length - 1;
    const pair = isMap(node) ? node.items.find((item) => keyText(item) === String(key)) : undefined;
    const item: unknown = isSeq(node) && typeof key === 'number' ? node.items[key] : pair?.value;
    if (!pair && item === undefined) return offset;
    const valueWanted = last && part === 'value' && !isCollectionBlock(item);
    offset = (valueWanted || !pair ? startOf(item) : undefined) ?? startOf(pair?.key) ?? offset;
    node = item;
  }
  return offset;
}

/** A nested map or list begins on a later line; its key is what people look for. */
function isCollectionBlock(node: unknown): boolean {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
