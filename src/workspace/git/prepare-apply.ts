import { gitFailures } from '../../base/failures/git.ts';
import type { ApplyRequest, PreparedApply } from '../../contracts/repository.ts';
import { commitTree } from './commit-tree.ts';
import type { GitContext } from './git-context.ts';
import { mergeTrees } from './merge-trees.ts';
import { requireTip } from './repository-state.ts';
import { requireUnedited, touchedFiles } from './touched-files.ts';

/**
 * Merges a proposal onto HEAD and makes the commit, as objects alone. Throws `git.busy`, `git.detached`,
 * `git.no-commit`, `apply.conflict`, `apply.edited`, or `proposal.empty` when HEAD has it all already.
 */
export async function prepareApply(context: GitContext, request: ApplyRequest): Promise<PreparedApply> {
  const { branch, head } = await requireTip(context);
  const ours = await context.objects.treeOf(head);
  const merged = await mergeTrees(context, {
    base: await context.objects.commit(request.base),
    ours,
    theirs: await context.objects.treeOf(request.commit),
  });
  if (merged.is === 'conflict') throw gitFailures.conflict(merged.paths);
  if (merged.tree === ours) throw gitFailures.alreadyThere();
  const touched = await touchedFiles(context, ours, merged.tree);
  await requireUnedited(context, head, touched);
  const commit = await commitTree(context, {
    tree: merged.tree,
    parent: head,
    author: request.author,
    message: request.message,
  });
  return { commit, head, branch, paths: touched.map((file) => file.path).sort() };
}
