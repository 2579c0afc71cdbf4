import { gitFailures } from '../../base/failures/git.ts';
import { runFailures } from '../../base/failures/runs.ts';
import type { Identity } from '../../contracts/repository.ts';
import { companyPath } from '../company-path.ts';
import { commitTree } from './commit-tree.ts';
import { bringIndex } from './complete-apply.ts';
import { importCommit, type ImportedFile } from './fast-import.ts';
import { type GitContext, noObject } from './git-context.ts';
import { waitForIndex } from './index-lock.ts';
import { openContext } from './open-context.ts';
import { readState } from './repository-state.ts';
import { treeChanges } from './tree-changes.ts';
import { readWorkFile } from './work-file.ts';

export interface FirstCommitRequest {
  /** Files of the work tree, as they are there. */
  readonly paths: readonly string[];
  readonly message: string;
  /** Its author. */
  readonly operator: Identity;
}

/**
 * Makes the first commit of a branch, by the operator and of the given files alone; whatever else is
 * in the work tree or staged stays as it is. Returns the commit. Throws `git.moved` when there is one.
 */
export async function commitFirst(root: string, request: FirstCommitRequest): Promise<string> {
  const context = await openContext(root);
  const { branch, head } = await readState(context);
  if (branch === undefined) throw gitFailures.detached();
  if (head !== undefined) throw gitFailures.moved(branch);
  await waitForIndex(context);
  const tree = await treeOfFiles(context, request);
  const commit = await commitTree(context, { tree, author: request.operator, message: request.message });
  await context.git.run(['update-ref', '-m', 'cairn: first commit', branch, commit, noObject(context)]);
  const empty = await context.git.text(['hash-object', '-t', 'tree', '--stdin']);
  await bringIndex(context, commit, await treeChanges(context, empty, commit));
  return commit;
}

async function treeOfFiles(context: GitContext, request: FirstCommitRequest): Promise<string> {
  const files = await Promise.all(request.paths.map((path) => importedFile(context, path)));
  const author = request.operator;
  const commit = await importCommit(context, { files, author, message: '', atSeconds: 0 });
  return context.objects.treeOf(commit);
}

async function importedFile(context: GitContext, given: string): Promise<ImportedFile> {
  const path = companyPath(given);
  const work = await readWorkFile(context.root, path);
  if (work.is !== 'file') throw runFailures.fileFailed('read', path, new Error('it is not a file'));
  return { path, content: work.content, mode: work.mode & 0o100 ? '100755' : '100644' };
}
