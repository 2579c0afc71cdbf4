import type { ObjectReader } from './object-reader.ts';

/** Mode as in git's trees (`100644`, `100755`, `120000` link, `160000` submodule, `40000` folder). */
export interface TreeEntry {
  readonly mode: string;
  readonly oid: string;
}

type Tree = ReadonlyMap<string, TreeEntry>;

const cachedTrees = 256;

export function isFile(entry: TreeEntry): boolean {
  return entry.mode === '100644' || entry.mode === '100755';
}

export function isFolder(entry: TreeEntry): boolean {
  return entry.mode === '40000';
}

/** Finds files by path in git's trees, reading only the folders on the way. */
export class TreeReader {
  readonly #objects: ObjectReader;
  readonly #cache = new Map<string, Promise<Tree>>();

  constructor(objects: ObjectReader) {
    this.#objects = objects;
  }

  /** The entries met on the way down a path: one for each part, shorter when the rest does not exist. */
  async trail(tree: string, path: string): Promise<readonly TreeEntry[]> {
    const trail: TreeEntry[] = [];
    let folder: TreeEntry = { mode: '40000', oid: tree };
    for (const part of path.split('/')) {
      const entry = isFolder(folder) ? (await this.#tree(folder.oid)).get(part) : undefined;
      if (entry === undefined) break;
      trail.push(entry);
      folder = entry;
    }
    return trail;
  }

  /** What is at a path, or nothing. */
  async entry(tree: string, path: string): Promise<TreeEntry | undefined> {
    const trail = await this.trail(tree, path);
    return trail[path.split('/').length - 1];
  }

  #tree(oid: string): Promise<Tree> {
    const cached = this.#cache.get(oid);
    if (cached) return cached;
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= cachedTrees && oldest !== undefined) this.#cache.delete(oldest);
    const tree = this.#objects.content(oid).then((bytes) => parseTree(bytes, oid.length / 2));
    this.#cache.set(oid, tree);
    tree.catch(() => this.#cache.delete(oid));
    return tree;
  }
}

/** Each entry of a tree object: mode, blank, name, NUL, id in bytes. */
function parseTree(bytes: Buffer, oidBytes: number): Tree {
  const tree = new Map<string, TreeEntry>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, blank);
    const end = nul + 1 + oidBytes;
    tree.set(bytes.toString('utf8', blank + 1, nul), {
      mode: bytes.toString('latin1', at, blank),
      oid: bytes.toString('hex', nul + 1, end),
    });
    at = end;
  }
  return tree;
}
