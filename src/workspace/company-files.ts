import type { Dirent, Stats } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import { limits } from '../base/limits.ts';
import { resolveInCompany } from './company-path.ts';

export interface FileStamp {
  /** Milliseconds since the Unix epoch. */
  readonly mtimeMs: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * The company's own files, by paths relative to its folder with `/`. A path that leads out of it, by
 * `..`, from the root or over a link, throws `path.outside`; what the system refuses, `file.failed`.
 */
export interface CompanyFiles {
  /** Nothing when there is no such file. Throws `file.too-large` above `limitBytes`. */
  readText(path: string, limitBytes?: number): Promise<string | undefined>;
  /** Paths of the files below `folder` that end with `suffix`, sorted. Names that begin with a dot are left out. */
  list(folder: string, suffix: string): Promise<readonly string[]>;
  /** Never replaces a file that is there. */
  write(path: string, text: string): Promise<'written' | 'kept'>;
  exists(path: string): Promise<boolean>;
  stat(path: string): Promise<FileStamp | undefined>;
}

export function openCompanyFiles(root: string): CompanyFiles {
  return new FilesInside(root);
}

class FilesInside implements CompanyFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async readText(path: string, limitBytes: number = limits.definitionBytes): Promise<string | undefined> {
    const stamp = await this.stat(path);
    if (!stamp) return undefined;
    if (stamp.size > limitBytes) throw runFailures.fileTooLarge(path, stamp.size, limitBytes);
    const file = await resolveInCompany(this.#root, path);
    return await unlessMissing(path, readFile(file, 'utf8'));
  }

  async list(folder: string, suffix: string): Promise<readonly string[]> {
    const found: string[] = [];
    const folders = [folder];
    for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
      for (const entry of await this.#entriesOf(next)) {
        const path = `${next}/${entry.name}`;
        if (entry.isDirectory()) folders.push(path);
        else if (entry.name.endsWith(suffix) && (await this.#isFile(entry, path))) found.push(path);
      }
    }
    return found.toSorted();
  }

  async write(path: string, text: string): Promise<'written' | 'kept'> {
    const file = await resolveInCompany(this.#root, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
      return 'written';
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') return 'kept';
      throw runFailures.fileFailed('written', path, thrown);
    }
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#find(path)) !== undefined;
  }

  async stat(path: string): Promise<FileStamp | undefined> {
    const found = await this.#find(path);
    return found?.isFile() ? { mtimeMs: found.mtimeMs, size: found.size } : undefined;
  }

  async #find(path: string): Promise<Stats | undefined> {
    return await unlessMissing(path, stat(await resolveInCompany(this.#root, path)));
  }

  async #entriesOf(folder: string): Promise<Dirent[]> {
    const absolute = await resolveInCompany(this.#root, folder);
    const entries = await unlessMissing(folder, readdir(absolute, { withFileTypes: true }));
    return (entries ?? []).filter(({ name }) => !name.startsWith('.'));
  }

  /** A link counts as the file that it leads to, as long as that is the company's own. */
  async #isFile(entry: Dirent, path: string): Promise<boolean> {
    if (!entry.isSymbolicLink()) return entry.isFile();
    const stamp = await this.stat(path).catch(() => undefined);
    return stamp !== undefined;
  }
}

async function unlessMissing<T>(path: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return undefined;
    throw runFailures.fileFailed('read', path, thrown);
  }
}
