import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, runFailures } from '../../base/failures/runs.ts';
import { limits } from '../../base/limits.ts';
import { syncFolder } from '../atomic-file.ts';

/** What is at a path of the work tree. */
export type WorkFile =
  | { readonly is: 'missing' }
  | { readonly is: 'file'; readonly content: Buffer; readonly mode: number }
  /** A link, a folder, a device, something too large to compare, or such a thing on the way. */
  | { readonly is: 'other' };

export interface NewContent {
  readonly content: Buffer;
  /** The rights of the file that is replaced; a new file gets the usual ones. */
  readonly rights: { readonly keep: number } | { readonly executable: boolean };
}

/** Reads a file without following links anywhere on its path. Throws `file.failed`. */
export async function readWorkFile(root: string, path: string): Promise<WorkFile> {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const folder = await statOf(join(root, ...parts.slice(0, length)));
    if (folder === undefined) return { is: 'missing' };
    if (!folder.isDirectory()) return { is: 'other' };
  }
  const absolute = join(root, path);
  const found = await statOf(absolute);
  if (found === undefined) return { is: 'missing' };
  if (!found.isFile() || found.size > limits.gitOutputBytes) return { is: 'other' };
  try {
    return { is: 'file', content: await readFile(absolute), mode: found.mode & 0o777 };
  } catch (thrown) {
    throw runFailures.fileFailed('read', path, thrown);
  }
}

/**
 * Replaces a file as a whole and durably. The temporary file has a name of its own for each path, so
 * that one left by a crash is found again.
 */
export async function writeWorkFile(root: string, path: string, file: NewContent): Promise<void> {
  const absolute = join(root, path);
  const temporary = temporaryOf(root, path);
  try {
    await mkdir(dirname(absolute), { recursive: true });
    await rm(temporary, { force: true });
    await writeNew(temporary, file);
    await rename(temporary, absolute);
    await syncFolder(dirname(absolute));
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw runFailures.fileFailed('written', path, thrown);
  }
}

/** Removes a file that may be gone already, and the folders that are empty after that. */
export async function removeWorkFile(root: string, path: string): Promise<void> {
  try {
    await rm(join(root, path), { force: true });
    await syncFolder(await removeEmptyFolders(root, path));
  } catch (thrown) {
    throw runFailures.fileFailed('written', path, thrown);
  }
}

/** Removes what a write that was cut short has left. */
export async function clearTemporary(root: string, path: string): Promise<void> {
  await rm(temporaryOf(root, path), { force: true });
}

async function statOf(absolute: string) {
  try {
    return await lstat(absolute);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return undefined;
    throw runFailures.fileFailed('read', absolute, thrown);
  }
}

async function writeNew(absolute: string, file: NewContent): Promise<void> {
  const runnable = 'executable' in file.rights && file.rights.executable;
  const handle = await open(absolute, 'wx', runnable ? 0o777 : 0o666);
  try {
    await handle.writeFile(file.content);
    if ('keep' in file.rights) await handle.chmod(file.rights.keep);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Answers the first folder above that stays, because it is not empty or is in use. */
async function removeEmptyFolders(root: string, path: string): Promise<string> {
  const parts = path.split('/');
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const folder = join(root, ...parts.slice(0, length));
    try {
      await rmdir(folder);
    } catch (thrown) {
      if (codeOf(thrown) !== 'ENOENT') return folder;
    }
  }
  return root;
}

function temporaryOf(root: string, path: string): string {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(root, dirname(path), `.cairn-${name}.tmp`);
}
