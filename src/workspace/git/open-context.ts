import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../base/failure.ts';
import { gitFailures } from '../../base/failures/git.ts';
import type { Operation } from '../../contracts/repository.ts';
import type { GitContext, GitLayout } from './git-context.ts';
import { type Git, gitIn } from './git-process.ts';
import { ObjectReader } from './object-reader.ts';
import { porcelainIn, requireGit } from './porcelain.ts';
import { exists } from './repository-state.ts';
import { TreeReader } from './tree-reader.ts';

/** What git leaves in its folder while an operation of the operator's is under way. */
const operationFiles: readonly { readonly operation: Operation; readonly file: string }[] = [
  { operation: 'rebase', file: 'rebase-merge' },
  { operation: 'rebase', file: 'rebase-apply' },
  { operation: 'merge', file: 'MERGE_HEAD' },
  { operation: 'cherry-pick', file: 'CHERRY_PICK_HEAD' },
  { operation: 'revert', file: 'REVERT_HEAD' },
  { operation: 'bisect', file: 'BISECT_LOG' },
];

/** Refs of their own, all of them packed, and those of a repository that keeps refs in tables. */
const refFiles = ['refs/cairn/runs', 'packed-refs', 'reftable'] as const;

/** Throws `git.missing`, `git.too-old`, or `git.not-a-repository` unless `root` is a repository's top folder. */
export async function openContext(root: string): Promise<GitContext> {
  const folder = resolve(root);
  if (!(await exists(folder))) throw gitFailures.notARepository(folder);
  const porcelain = porcelainIn(folder);
  await requireGit(porcelain);
  const git = gitIn(folder);
  const top = await topFolder(git, folder);
  if (top === undefined) throw gitFailures.notARepository(folder);
  if (!(await isSameFolder(top, folder))) throw gitFailures.insideRepository(folder, top);
  const objects = new ObjectReader(git);
  const trees = new TreeReader(objects);
  return { root: folder, git, porcelain, objects, trees, layout: await readLayout(git) };
}

/** The top folder of the work tree around a folder, or nothing when there is none. */
export async function topFolder(git: Git, folder: string): Promise<string | undefined> {
  try {
    return await git.text(['rev-parse', '--show-toplevel']);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'git.failed') throw thrown;
    if (thrown.message.includes('dubious ownership')) throw gitFailures.notOwned(folder);
    if (/not a git repository|must be run in a work tree/.test(thrown.message)) return undefined;
    throw thrown;
  }
}

export async function isSameFolder(one: string, other: string): Promise<boolean> {
  return (await realpath(one)) === (await realpath(other));
}

async function readLayout(git: Git): Promise<GitLayout> {
  const files = ['index', ...refFiles, ...operationFiles.map(({ file }) => file)];
  const output = await git.text([
    'rev-parse',
    '--show-object-format',
    '--path-format=absolute',
    ...files.flatMap((file) => ['--git-path', file]),
  ]);
  const [format, indexFile = '', runs = '', packed = '', tables = '', ...paths] = output.split('\n');
  return {
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    indexFile,
    refs: { runs, others: [packed, tables] },
    operations: operationFiles.map(({ operation }, at) => ({ operation, path: paths[at] ?? '' })),
  };
}
