import { randomUUID } from 'node:crypto';
import {
  access,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileStorage } from 'vectra';
import { indexFolderForeign } from '../base/failures/memory.ts';
import { hasCode } from './system-error.ts';

export const markerName = '.cairn-vectors';
const marker = 'Vectors of notes, made by Cairn. Rebuilt from the notes when this folder is deleted.\n';
/** A file on its way to its name, or a lock on its way out. */
const halfMade = /^[a-z.]+\.[0-9a-f]{8}-[0-9a-f-]{27}(?:\.tmp)?$/;
const renameTries = 5;

/** Tells two states of a file apart: a replaced file has another inode, an appended one another size. */
export type Stamp = string;

/**
 * The index's own folder, as Vectra's storage. Files are replaced as a whole or not at all, and nothing in it is
 * deleted at Vectra's wish: when its `createIndex` fails, it deletes the folder with whatever is in it.
 */
export class IndexFolder implements FileStorage {
  readonly path: string;
  /** The stamp of the file that {@link readFile} read last, taken before reading. */
  lastRead: Stamp | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Creates and marks the folder. Throws `index.failed` when it holds files of somebody else. */
  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const names = await readdir(this.path);
    if (names.includes(markerName)) return;
    if (names.length > 0) throw indexFolderForeign(this.path);
    await writeFile(join(this.path, markerName), marker);
  }

  /** Removes what killed processes have left of files they were making. Only for the holder of the write lock. */
  async sweep(): Promise<void> {
    const left = (await readdir(this.path)).filter((name) => halfMade.test(name));
    await Promise.all(left.map((name) => rm(join(this.path, name), { force: true })));
  }

  async stamp(path: string): Promise<Stamp | undefined> {
    const found = await stat(path, { bigint: true }).catch(ignoreMissing);
    return found && `${found.ino}:${found.size}:${found.mtimeNs}`;
  }

  async pathExists(path: string): Promise<boolean> {
    return access(path).then(
      () => true,
      () => false,
    );
  }

  async readFile(path: string): Promise<Buffer> {
    this.lastRead = await this.stamp(path);
    return readFile(path);
  }

  /** Replaces the file at once: readers see the old content or the new, also after a crash. */
  async upsertFile(path: string, content: Buffer | string): Promise<void> {
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await withFile(temporary, 'wx', async (file) => {
        await file.writeFile(content);
        await file.sync();
      });
      await renamed(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
    await syncFolder(this.path);
  }

  /** Cuts the file to `soundBytes`, then appends; on disk when it returns. */
  async append(path: string, soundBytes: number, content: Buffer): Promise<void> {
    await withFile(path, 'r+', async (file) => {
      const { size } = await file.stat();
      if (size > soundBytes) await file.truncate(soundBytes);
      await writeAll(file, content, soundBytes);
      await file.datasync();
    });
  }

  createFolder = unused;
  createFile = unused;
  deleteFile = unused;
  deleteFolder = unused;
  getDetails = unused;
  listFiles = unused;
}

async function unused(): Promise<never> {
  throw new Error('The index neither lists nor deletes files, and makes its folder itself.');
}

async function withFile(
  path: string,
  flags: 'wx' | 'r+',
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, content: Buffer, from: number): Promise<void> {
  for (let written = 0; written < content.length; ) {
    const { bytesWritten } = await file.write(content, written, content.length - written, from + written);
    written += bytesWritten;
  }
}

/** On Windows a file that another process has open for a moment cannot be replaced. */
async function renamed(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (thrown) {
      if (attempt === renameTries || !hasCode(thrown, 'EPERM', 'EACCES', 'EBUSY')) throw thrown;
      await delay(attempt * 20);
    }
  }
}

/** Makes a rename durable. Windows cannot open folders; there the rename itself is journalled. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } catch (thrown) {
    if (!hasCode(thrown, 'EPERM', 'EINVAL', 'ENOTSUP')) throw thrown;
  } finally {
    await folder?.close();
  }
}

function ignoreMissing(thrown: unknown): undefined {
  if (!hasCode(thrown, 'ENOENT')) throw thrown;
}
