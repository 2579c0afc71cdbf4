import { gitFailures } from '../../base/failures/git.ts';
import { limits } from '../../base/limits.ts';
import type { FileEdit } from '../../contracts/repository.ts';
import type { GitContext } from './git-context.ts';
import { mergeTrees } from './merge-trees.ts';
import { type TreeChange, treeChanges } from './tree-changes.ts';

/**
 * The edits that take commits back, newest first, on top of whatever has been done since. Objects only.
 * Throws `apply.conflict` when later edits overlap.
 */
export async function inverseEdits(
  context: GitContext,
  head: string,
  commits: readonly string[],
): Promise<readonly FileEdit[]> {
  const before = await context.objects.treeOf(head);
  let tree = before;
  for (const revision of commits) {
    const commit = await context.objects.commit(revision);
    const theirs = await treeBefore(context, commit);
    const merged = await mergeTrees(context, { base: commit, ours: tree, theirs });
    if (merged.is === 'conflict') throw gitFailures.undoConflict(commit, merged.paths);
    tree = merged.tree;
  }
  const changes = await treeChanges(context, before, tree);
  return Promise.all(changes.map((change) => editOf(context, change)));
}

/** The tree of a commit's first parent; an empty one for a first commit. */
async function treeBefore(context: GitContext, commit: string): Promise<string> {
  const parent = await context.objects.head(`${commit}^1^{tree}`);
  return parent?.oid ?? context.git.text(['hash-object', '-t', 'tree', '--stdin']);
}

async function editOf(context: GitContext, { path, after }: TreeChange): Promise<FileEdit> {
  if (after === undefined) return { path, deleted: true };
  return {
    path,
    content: await readBlob(context, path, after.oid),
    executable: after.mode === '100755',
  };
}

/** A file's bytes. Throws `file.too-large` before reading one that cannot be reviewed. */
export async function readBlob(context: GitContext, path: string, oid: string): Promise<Buffer> {
  const bytes = (await context.objects.head(oid))?.bytes ?? 0;
  if (bytes > limits.proposalFileBytes) throw gitFailures.tooLarge(path, bytes, limits.proposalFileBytes);
  return context.objects.content(oid);
}
