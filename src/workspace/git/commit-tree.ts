import type { Identity } from '../../contracts/repository.ts';
import { identityVariables, messageText } from './commit-text.ts';
import type { GitContext } from './git-context.ts';
import { readOperator, signsCommits } from './repository-state.ts';

export interface CommitRequest {
  readonly tree: string;
  /** None for a first commit. */
  readonly parent?: string | undefined;
  readonly author: Identity;
  readonly message: string;
}

/** Makes a commit as an object alone. The operator is its committer, and signs it if that is the habit. */
export async function commitTree(context: GitContext, request: CommitRequest): Promise<string> {
  const { tree, parent, author, message } = request;
  const operator = await readOperator(context);
  const sign = (await signsCommits(context)) ? ['-S'] : [];
  const parents = parent === undefined ? [] : ['-p', parent];
  return context.git.text(['commit-tree', tree, ...parents, ...sign], {
    input: messageText(message),
    variables: identityVariables(author, operator),
  });
}
