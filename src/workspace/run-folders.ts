import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import type { FolderSize, RunFolders } from '../contracts/archive.ts';
import { ensureFolder, syncFolder, writeFileAtomic } from './atomic-file.ts';
import { blobsFolder, journalFile } from './journal-reader.ts';
import { hasOrders, ordersFolder } from './order-folder.ts';
import { checkRunName, isRunName, listRunFolders, runsFolder } from './run-paths.ts';

/** A folder on its way out or in: no run's name begins with a dot. */
const removedName = /^\.removed-([a-z0-9-]+)\.[0-9a-f-]{36}$/;
const restoredName = /^\.restored-([a-z0-9-]+)\.[0-9a-f-]{36}$/;
/** How systems refuse to rename over a folder that holds something; Windows names no clear reason. */
const isTaken = new Set(['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES']);

/** A folder that is being filled is not so old. */
const abandonedAfterMs = 60 * 60_000;

export function openRunFolders(companyRoot: string): RunFolders {
  return new FoldersOnDisk(runsFolder(companyRoot));
}

class FoldersOnDisk implements RunFolders {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  list(): Promise<readonly string[]> {
    return listRunFolders(this.#folder);
  }

  async measure(run: string): Promise<FolderSize | undefined> {
    checkRunName(run);
    const folder = join(this.#folder, run);
    const journal = await stat(join(folder, journalFile)).catch(() => undefined);
    return journal && { bytes: await bytesOf(folder), writtenAtMs: journal.mtimeMs };
  }

  /** The folder goes by one rename, so that a crash leaves all of it or nothing; its files follow. */
  async remove(run: string): Promise<boolean> {
    checkRunName(run);
    const aside = `.removed-${run}.${randomUUID()}`;
    try {
      await rename(join(this.#folder, run), join(this.#folder, aside));
      await syncFolder(this.#folder);
    } catch (thrown) {
      throw runFailures.fileFailed('written', join(this.#folder, run), thrown);
    }
    return !(await this.#finish(run, aside));
  }

  async sweep(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    // One that resists, or that another process is just deleting, is there for the next sweep.
    for (const name of names) await this.#sweepOne(name).catch(() => undefined);
  }

  async #sweepOne(name: string): Promise<void> {
    const removed = removedName.exec(name)?.[1];
    if (removed !== undefined && isRunName(removed)) await this.#finish(removed, name);
    else if (restoredName.test(name) && (await isAbandoned(join(this.#folder, name)))) {
      await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  /**
   * Deletes a folder that was put aside, unless the operator ordered something of the run in the last moment: then it
   * is put back, and the answer is true.
   */
  async #finish(run: string, aside: string): Promise<boolean> {
    const folder = join(this.#folder, aside);
    try {
      if ((await hasOrders(join(folder, ordersFolder))) && (await moveInto(folder, join(this.#folder, run))))
        return true;
      await rm(folder, { recursive: true, force: true });
      return false;
    } catch (thrown) {
      throw runFailures.fileFailed('written', folder, thrown);
    }
  }
}

type Write = (path: string, content: Uint8Array) => Promise<void>;

/**
 * Makes a run's folder, as a whole or not at all: what `fill` writes, by paths below the folder. False when there is
 * one already. Throws `company.read-only`, `file.failed`, and what `fill` throws.
 */
export async function makeRunFolder(
  runs: string,
  run: string,
  fill: (write: Write) => Promise<void>,
): Promise<boolean> {
  checkRunName(run);
  const draft = join(runs, `.restored-${run}.${randomUUID()}`);
  try {
    for (const name of [ordersFolder, blobsFolder]) await ensureFolder(join(draft, name));
    await fill((path, content) =>
      writeFileAtomic(join(draft, ...path.split('/')), content, { durable: true }),
    );
    return await moveInto(draft, join(runs, run));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** False when something is there already. Throws `company.read-only`, `file.failed`. */
async function moveInto(from: string, to: string): Promise<boolean> {
  try {
    // An empty folder would be replaced without a word.
    if (await stat(to).catch(() => undefined)) return false;
    await rename(from, to);
    await syncFolder(dirname(to));
    return true;
  } catch (thrown) {
    if (isTaken.has(codeOf(thrown)) && (await stat(to).catch(() => undefined))) return false;
    throw runFailures.fileFailed('written', to, thrown);
  }
}

/** Another process may be filling it just now. */
async function isAbandoned(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > abandonedAfterMs;
}

/** All files below a folder together; links count as themselves. A file that is gone meanwhile counts nothing. */
async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await bytesOf(path);
    else bytes += (await lstat(path).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
