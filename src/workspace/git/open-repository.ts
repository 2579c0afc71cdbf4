import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gitFailures } from '../../base/failures/git.ts';
import { runFailures } from '../../base/failures/runs.ts';
import type { RunArchive } from '../../contracts/archive.ts';
import type { Repository } from '../../contracts/repository.ts';
import { gitIn } from './git-process.ts';
import { GitRepository } from './git-repository.ts';
import { GitRunArchive } from './run-archive.ts';
import { isSameFolder, openContext, topFolder } from './open-context.ts';
import { makeRepository, porcelainIn, requireGit } from './porcelain.ts';

/** Throws `git.missing`, `git.too-old`, or `git.not-a-repository` unless `root` is a repository's top folder. */
export async function openRepository(root: string): Promise<Repository> {
  return (await openCompanyGit(root)).repository;
}

/** The repository of a company, and the archive of its runs in it. Throws what {@link openRepository} throws. */
export async function openCompanyGit(
  root: string,
): Promise<{ readonly repository: Repository; readonly archive: RunArchive }> {
  const context = await openContext(root);
  return { repository: new GitRepository(context), archive: new GitRunArchive(context) };
}

/** Opens the repository of a folder, and makes both if they are not there; nothing that is there is touched. */
export async function initRepository(root: string): Promise<Repository> {
  const folder = resolve(root);
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw runFailures.fileFailed('written', folder, thrown);
  }
  const porcelain = porcelainIn(folder);
  await requireGit(porcelain);
  const top = await topFolder(gitIn(folder), folder);
  const isThere = top !== undefined && (await isSameFolder(top, folder));
  // A repository inside another one would be a surprise for the one around it.
  if (top !== undefined && !isThere) throw gitFailures.insideRepository(folder, top);
  if (!isThere) await makeRepository(porcelain);
  return openRepository(folder);
}
