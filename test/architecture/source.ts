import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Program, parseSync, visitorKeys } from 'oxc-parser';

/** Where a file asks for another one. */
export interface Import {
  /** As written: `./run.ts`, `zod`, `node:fs`. */
  readonly specifier: string;
  /** The file of the repository it leads to, for a relative one. */
  readonly path: string | undefined;
  readonly line: number;
}

/** A file of the repository, read and parsed. */
export interface Source {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly program: Program;
  lineOf(offset: number): number;
}

/** Any node of the syntax tree; the rules look at its type, then at what they know of that type. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const codeEnding = /\.(ts|tsx|mts|mjs)$/;

/** All code under some folders of the repository. */
export async function readSources(root: string, folders: readonly string[]): Promise<readonly Source[]> {
  const found = await Promise.all(folders.map((folder) => codeFiles(root, folder)));
  const paths = found.flat().sort();
  return Promise.all(paths.map(async (path) => parseSource(path, await readFile(join(root, path), 'utf8'))));
}

export function parseSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error) throw new Error(`${path} cannot be parsed: ${error.message}`);
  const lineStarts = startsOfLines(text);
  const lineOf = (offset: number) => lineStarts.findLastIndex((start) => start <= offset) + 1;
  const lines = text.endsWith('\n') ? lineStarts.length - 1 : lineStarts.length;
  const imports = [...nodesOf(program)].flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return [];
    return [{ specifier, path: resolveRelative(path, specifier), line: lineOf(node.start) }];
  });
  return { path, lines, imports, program, lineOf };
}

/** A node and everything below it, in the order of the text. */
export function* nodesOf(value: unknown): Generator<Node> {
  if (!isNode(value)) return;
  yield value;
  for (const key of visitorKeys[value.type] ?? []) {
    const children = value[key];
    for (const child of Array.isArray(children) ? children : [children]) yield* nodesOf(child);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** A test, a fixture beside one, or what lies in test/: none of it is shipped. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || /\.(test|fixture)\.tsx?$/.test(path);
}

/** What an import, a re-export, `import()` or a type's `import('…')` names. */
function specifierOf(node: Node): string | undefined {
  const names = [
    'ImportDeclaration',
    'ExportNamedDeclaration',
    'ExportAllDeclaration',
    'ImportExpression',
    'TSImportType',
  ];
  if (!names.includes(node.type) || !isNode(node['source'])) return undefined;
  const named = node['source']['value'];
  return typeof named === 'string' ? named : undefined;
}

function resolveRelative(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

async function codeFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && codeEnding.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    .map((path) => path.replace(/^\//, ''));
}
