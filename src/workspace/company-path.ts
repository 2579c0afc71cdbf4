import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { gitFailures } from '../base/failures/git.ts';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import { isGitPath, staysInside } from '../contracts/path-rules.ts';

const missing = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * A path of the company in its one spelling: relative, with `/`, without `.`, `..` and empty parts.
 * Throws `path.outside` or `path.protected` (into `.git`). Links are not looked at.
 */
export function companyPath(path: string): string {
  if (!staysInside(path)) throw runFailures.pathOutside(path);
  const plain = path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  if (plain === '') throw runFailures.pathOutside(path);
  if (isGitPath(plain)) throw gitFailures.protectedPath(path, 'it is git’s own');
  return plain;
}

/**
 * The absolute path of a file that may or may not exist, held inside the company: a link on the way,
 * or at the end, may lead elsewhere in the company, but not out of it and not into `.git`.
 * Throws `path.outside` or `path.protected`.
 */
export async function resolveInCompany(root: string, path: string): Promise<string> {
  const absolute = join(root, companyPath(path));
  const realRoot = await realpath(root);
  const real = await realPathOfNearest(absolute);
  if (real === undefined) throw runFailures.pathOutside(path);
  const inside = relative(realRoot, real).split(sep).join('/');
  if (isAbsolute(inside) || inside === '..' || inside.startsWith('../')) throw runFailures.pathOutside(path);
  if (isGitPath(inside)) throw gitFailures.protectedPath(path, 'it leads into git’s own folder');
  return absolute;
}

/** Where the nearest thing that exists on a path really is; nothing when that is a link leading nowhere. */
async function realPathOfNearest(absolute: string): Promise<string | undefined> {
  for (let path = absolute; ; path = dirname(path)) {
    try {
      return await realpath(path);
    } catch (thrown) {
      if (!missing.has(codeOf(thrown))) throw runFailures.fileFailed('read', path, thrown);
    }
    if (await existsAsLink(path)) return undefined;
  }
}

/** Writing to a link whose target is missing would create the target, wherever that is. */
async function existsAsLink(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
