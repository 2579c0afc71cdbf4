import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * HEAD, branches, index and work tree of a company by the hash of each file: what only an applied decision may
 * change (promise P1). Cairn's own local folders and hidden refs are left out.
 */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const watched = files.map((file) => file.slice(folder.length + 1)).filter(isOperators);
  const hashed = watched.toSorted().map(async (path) => [path, await hashOf(join(folder, path))] as const);
  return Object.fromEntries(await Promise.all(hashed));
}

function isOperators(path: string): boolean {
  if (/^\.cairn\/(runs|index|cache)\//.test(path)) return false;
  return !path.startsWith('.git/') || /^\.git\/(HEAD|index|config|packed-refs|refs\/heads\/.*)$/.test(path);
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
