import { createHash } from 'node:crypto';
import { createReadStream, watch, type Dirent, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import picomatch from 'picomatch/posix';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import { triggerFailures } from '../base/failures/triggers.ts';
import { limits } from '../base/limits.ts';
import { matchesAny } from '../contracts/path-rules.ts';
import type { FolderWatch, FoundFile, WatchedFiles } from '../contracts/trigger-state.ts';
import { Bursts } from './bursts.ts';
import { resolveInCompany } from './company-path.ts';

const burstMs = 200;

/** What a company's work tree holds, for triggers. Links are not followed. */
export function openWatchedFiles(root: string): WatchedFiles {
  return {
    find: (globs) => findFiles(root, globs),
    hash: (file) => hashOf(root, file),
    watch: (listener) => new WatchedFolders(root, listener),
  };
}

async function findFiles(root: string, globs: readonly string[]) {
  const files = new Map<string, FoundFile>();
  const folders = new Set<string>();
  const open = [...new Set(globs.map(baseOf))];
  let entries = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    for (const entry of await entriesOf(root, folder)) {
      entries += 1;
      if (entries > limits.triggerEntries)
        throw triggerFailures.tooManyFiles('entries', limits.triggerEntries);
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile() && matchesAny(path, globs)) {
        const file = await stampOf(root, path);
        if (file) files.set(path, file);
      }
    }
    if (files.size > limits.triggerFiles) throw triggerFailures.tooManyFiles('files', limits.triggerFiles);
  }
  const sorted = [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { files: sorted, folders: [...folders] };
}

/** The folder that all files of a glob lie in. */
function baseOf(glob: string): string {
  const { base, isGlob } = picomatch.scan(glob);
  const folder = isGlob ? base : base.slice(0, Math.max(0, base.lastIndexOf('/')));
  return folder.replace(/^\.\/|\/+$/g, '').replace(/^\.$/, '');
}

async function entriesOf(root: string, folder: string): Promise<readonly Dirent[]> {
  const absolute = folder === '' ? root : await resolveInCompany(root, folder);
  const entries = await unlessGone(folder, readdir(absolute, { withFileTypes: true }));
  return (entries ?? []).filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
}

async function stampOf(root: string, path: string): Promise<FoundFile | undefined> {
  const found = await unlessGone(path, stat(join(root, path)));
  return found && { path, size: found.size, mtimeMs: found.mtimeMs };
}

/** The content is that of the stamp only when the stamp is still the same after it was read. */
async function hashOf(root: string, { path, size, mtimeMs }: FoundFile): Promise<string | undefined> {
  const hash = createHash('sha256');
  const read = pipeline(createReadStream(await resolveInCompany(root, path)), hash).then(() => true);
  if (!(await unlessGone(path, read))) return undefined;
  const after = await stampOf(root, path);
  return after?.size === size && after.mtimeMs === mtimeMs ? hash.digest('hex') : undefined;
}

async function unlessGone<T>(path: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return undefined;
    throw runFailures.fileFailed('read', path, thrown);
  }
}

/** Never throws and never keeps the process alive: where the system does not tell, the next look does. */
class WatchedFolders implements FolderWatch {
  readonly #root: string;
  readonly #bursts: Bursts;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(root: string, listener: () => void) {
    this.#root = root;
    this.#bursts = new Bursts(listener, burstMs);
  }

  follow(folders: readonly string[]): void {
    const wanted = new Set(folders.slice(0, limits.triggerFolders));
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#unfollow(folder);
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#follow(folder);
  }

  dispose(): void {
    for (const folder of this.#watchers.keys()) this.#unfollow(folder);
    this.#bursts.dispose();
  }

  #follow(folder: string): void {
    try {
      const watcher = watch(join(this.#root, folder), { persistent: false }, () => this.#bursts.add(''));
      this.#watchers.set(
        folder,
        watcher.on('error', () => this.#unfollow(folder)),
      );
    } catch {
      // There is no such folder yet, or no watch is left.
    }
  }

  #unfollow(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
