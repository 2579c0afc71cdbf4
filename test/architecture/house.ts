import { type Import, type Source, isTest } from './source.ts';

/** A break of a rule of the house, as one line: `file:line: what is wrong`. */
export type Break = string;

interface Room {
  readonly floor: 0 | 1 | 2 | 3 | 4 | 5;
  /** Has no access to the machine: no `node:` modules. */
  readonly pure: boolean;
}

const pureFloors: readonly number[] = [0, 1, 2];

const floors: Readonly<Record<Room['floor'], readonly string[]>> = {
  0: ['base'],
  1: ['contracts', 'protocol'],
  2: ['engine', 'memory', 'agents', 'policy', 'review', 'insight'],
  3: ['workspace', 'models', 'connectors', 'workers', 'vector'],
  4: ['app'],
  5: ['vscode', 'cli', 'mcp'],
};

/** The rooms of src by name; a room of one file needs no folder. */
const rooms: ReadonlyMap<string, Room> = new Map(
  ([0, 1, 2, 3, 4, 5] as const).flatMap((floor) =>
    floors[floor].map((name): [string, Room] => [name, { floor, pure: pureFloors.includes(floor) }]),
  ),
);

/** Imports go down only; rooms of the same floor do not know each other. */
export function brokenFloors(source: Source): Break[] {
  const room = roomOf(source.path);
  if (isTest(source.path)) return [];
  if (source.path.startsWith('webview-ui/'))
    return source.imports.flatMap((found) => webviewBreak(source, found));
  if (!source.path.startsWith('src/')) return [];
  if (room === undefined || !rooms.has(room))
    return [`${source.path}:1: no room of the house is called "${room}"`];
  return source.imports.flatMap((found) => importBreak(source, room, found));
}

/** Files that import each other in a circle; types count too, since they are read together. */
export function importCycles(sources: readonly Source[]): Break[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const breaks: Break[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const from = trail.indexOf(path);
    if (from >= 0)
      breaks.push(`${path}:1: imports go in a circle: ${[...trail.slice(from), path].join(' → ')}`);
    if (from >= 0 || done.has(path)) return;
    for (const { path: next } of byPath.get(path)?.imports ?? []) {
      if (next !== undefined) visit(next, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return breaks;
}

/** `vscode` exists only inside the editor, so one room alone may ask for it. */
export function strayVscode(source: Source): Break[] {
  if (source.path.startsWith('src/vscode/')) return [];
  return source.imports
    .filter(({ specifier }) => specifier === 'vscode')
    .map(({ line }) => `${source.path}:${line}: "vscode" is imported in src/vscode alone`);
}

/** Relative imports name the file as it is called, so that no resolver has to guess. */
export function importsWithoutEnding(source: Source): Break[] {
  return source.imports
    .filter(({ path }) => path !== undefined && !/\.(tsx?|mts|mjs|css|json)$/.test(path))
    .map(({ line, specifier }) => `${source.path}:${line}: "${specifier}" lacks the file's ending`);
}

function importBreak(source: Source, from: string, found: Import): Break[] {
  const at = `${source.path}:${found.line}`;
  const room = rooms.get(from);
  if (room === undefined) return [];
  if (found.specifier.startsWith('node:') && room.pure)
    return [`${at}: ${from} is pure: no ${found.specifier}`];
  if (found.path === undefined) return [];
  // The manifest tells a shell its own version.
  if (found.path === 'package.json' && room.floor === 5) return [];
  if (isTest(found.path)) return [`${at}: the product does not import ${found.path}, which is not shipped`];
  const target = roomOf(found.path);
  const other = target === undefined ? undefined : rooms.get(target);
  if (other === undefined || target === undefined) return [`${at}: ${from} does not import ${found.path}`];
  if (target === from || mayImport(room, other)) return [];
  return [`${at}: ${from} (floor ${room.floor}) does not import ${target} (floor ${other.floor})`];
}

/** The rooms of floors 2 and 3 meet in a use case of floor 4, or in the types of floor 1. */
function mayImport(room: Room, other: Room): boolean {
  if (room.floor === 3 && other.floor === 2) return false;
  if (room.floor === 1 && other.floor === 1) return true;
  return other.floor < room.floor;
}

function webviewBreak(source: Source, found: Import): Break[] {
  const at = `${source.path}:${found.line}`;
  if (found.specifier.startsWith('node:')) return [`${at}: a webview has no ${found.specifier}`];
  if (found.path === undefined || found.path.startsWith('webview-ui/')) return [];
  if (found.path.startsWith('src/protocol/')) return [];
  return [`${at}: webview-ui imports src/protocol alone, not ${found.path}`];
}

/** `src/engine/fold.ts` and `src/engine.ts` are both of the room `engine`. */
function roomOf(path: string): string | undefined {
  return /^src\/([^/.]+)/.exec(path)?.[1];
}
