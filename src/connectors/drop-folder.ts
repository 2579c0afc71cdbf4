import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { connectorFailures, connectorProblems } from '../base/failures/connectors.ts';
import { limits } from '../base/limits.ts';

/** A file of the company as a connector reads it. */
export interface DroppedFile {
  /** Path in the company, with forward slashes. */
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Reads files below one path of the company. Owns the rule that nothing outside the company is
 * read: every path is resolved, links included, before it is opened.
 */
export class DropFolder {
  readonly #id: string;
  readonly #root: string;

  constructor(id: string, root: string) {
    this.#id = id;
    this.#root = root;
  }

  /** Names of what lies right in a folder, sorted, without hidden files and folders of its own. */
  async names(folder: string): Promise<readonly string[]> {
    await this.hold(folder);
    try {
      const entries = await readdir(join(this.#root, folder), { withFileTypes: true });
      const names = entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
      return names.filter((name) => !name.startsWith('.')).toSorted((a, b) => (a < b ? -1 : 1));
    } catch (thrown) {
      throw connectorFailures.unreadable(this.#id, folder, thrown);
    }
  }

  /** A file's bytes, or why it is left out. */
  async read(path: string): Promise<DroppedFile | { readonly problem: string }> {
    const problem = await this.#problemOf(path);
    if (problem !== undefined) return { problem };
    try {
      return { path, bytes: await readFile(join(this.#root, path)) };
    } catch (thrown) {
      return { problem: connectorProblems.unreadable(path, reasonOf(thrown)) };
    }
  }

  /** Throws `connector.failed` when the path is missing, `path.outside` when it leads out of the company. */
  async hold(path: string): Promise<void> {
    const inside = await this.#isInside(path);
    if (inside === undefined) throw connectorFailures.missing(this.#id, path);
    if (!inside) throw connectorFailures.leadsOutside(this.#id, path);
  }

  async #problemOf(path: string): Promise<string | undefined> {
    if (!(await this.#isInside(path))) return connectorProblems.notPlain(path);
    try {
      const { size, isFile } = await plainStat(join(this.#root, path));
      if (!isFile) return connectorProblems.notPlain(path);
      const limit = limits.connectorFileBytes;
      return size > limit ? connectorProblems.tooLarge(path, size, limit) : undefined;
    } catch (thrown) {
      return connectorProblems.unreadable(path, reasonOf(thrown));
    }
  }

  /** Whether the path, links resolved, is in the company; nothing when it does not exist. */
  async #isInside(path: string): Promise<boolean | undefined> {
    try {
      const [root, target] = await Promise.all([realpath(this.#root), realpath(join(this.#root, path))]);
      const way = relative(root, target);
      return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
    } catch {
      return undefined;
    }
  }
}

/** Text as UTF-8, else as Windows wrote it before; nothing for what is no text. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

async function plainStat(path: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile() };
}
