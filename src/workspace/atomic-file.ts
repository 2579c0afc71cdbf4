import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, runFailures } from '../base/failures/runs.ts';

/** Virus scanners and indexers on Windows hold a file for moments after it was written. */
const renameAttempts = 6;
const heldBriefly = new Set(['EPERM', 'EACCES', 'EBUSY']);

/**
 * Replaces a file as a whole: whoever reads it sees the old content or the new, never a part.
 * With `durable` it resolves when content and name survive a loss of power.
 * Throws `company.read-only` or `file.failed`.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: { readonly durable: boolean },
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeNew(temporary, content, options.durable);
    await renameOver(temporary, path);
    if (options.durable) await syncFolder(dirname(path));
  } catch (thrown) {
    await unlink(temporary).catch(() => undefined);
    throw runFailures.fileFailed('written', path, thrown);
  }
}

/** Makes the names in a folder survive a loss of power. Windows does that by itself and offers no call for it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it; one that is there already is fine. */
export async function ensureFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw runFailures.fileFailed('written', folder, thrown);
  }
}

async function writeNew(path: string, content: string | Uint8Array, durable: boolean): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (thrown) {
      const hopeless = process.platform !== 'win32' || !heldBriefly.has(codeOf(thrown));
      if (hopeless || attempt === renameAttempts) throw thrown;
      await delay(10 * 2 ** attempt);
    }
  }
}
