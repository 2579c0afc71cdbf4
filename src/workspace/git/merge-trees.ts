import { identityVariables } from './commit-text.ts';
import type { GitContext } from './git-context.ts';
import { withoutPrograms } from './program-settings.ts';

export interface MergeRequest {
  /** A commit. */
  readonly base: string;
  /** Trees. */
  readonly ours: string;
  readonly theirs: string;
}

export type Merged =
  | { readonly is: 'clean'; readonly tree: string }
  | { readonly is: 'conflict'; readonly paths: readonly string[] };

const conflicted = 1;

/** Fixed, so that merging the same again leaves no further objects behind. */
const synthetic = {
  ...identityVariables({ name: 'Cairn', email: '' }, { name: 'Cairn', email: '' }),
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_DATE: '@0 +0000',
};

/** Merges two trees that come from the same commit; makes objects only. */
export async function mergeTrees(context: GitContext, request: MergeRequest): Promise<Merged> {
  const { base, ours, theirs } = request;
  const before = await context.objects.treeOf(base);
  if (theirs === before || theirs === ours) return { is: 'clean', tree: ours };
  if (ours === before) return { is: 'clean', tree: theirs };
  // Git takes a merge base only from history before 2.40, so both sides become commits upon it.
  const sides = await Promise.all([ours, theirs].map((tree) => commitUpon(context, base, tree)));
  const { output, exitCode } = await context.git.run(
    ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ...sides],
    { answers: [conflicted], variables: await withoutPrograms(context) },
  );
  const [tree = '', ...paths] = output
    .toString('utf8')
    .split('\0')
    .filter((token) => token !== '');
  return exitCode === conflicted ? { is: 'conflict', paths } : { is: 'clean', tree };
}

function commitUpon(context: GitContext, base: string, tree: string): Promise<string> {
  return context.git.text(['commit-tree', tree, '-p', base], { variables: synthetic });
}
