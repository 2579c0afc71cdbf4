import { access } from 'node:fs/promises';
import { gitFailures } from '../../base/failures/git.ts';
import type { Identity, Operation, RepositoryState } from '../../contracts/repository.ts';
import type { GitContext } from './git-context.ts';
import { readSettings } from './porcelain.ts';

/** A branch that work can be applied to. */
export interface Tip {
  readonly branch: string;
  readonly head: string;
}

/** Exit code of a git command that was asked for something that is not set. */
const unset = 1;

export async function readState(context: GitContext): Promise<RepositoryState> {
  const [branch, head, operation] = await Promise.all([
    context.git.text(['symbolic-ref', '-q', 'HEAD'], { answers: [unset] }),
    context.git.text(['rev-parse', '-q', '--verify', 'HEAD^{commit}'], { answers: [unset] }),
    operationUnderWay(context),
  ]);
  return { branch: branch || undefined, head: head || undefined, operation };
}

/** Throws `git.busy`, `git.detached` or `git.no-commit`. */
export async function requireTip(context: GitContext): Promise<Tip> {
  const { branch, head, operation } = await readState(context);
  if (operation) throw gitFailures.busy(operation);
  if (branch === undefined) throw gitFailures.detached();
  if (head === undefined) throw gitFailures.noCommit();
  return { branch, head };
}

/** Name and address from git's configuration; Cairn's own where there is none. */
export async function readOperator(context: GitContext): Promise<Identity> {
  const settings = await readSettings(context.porcelain);
  return {
    name: settings.get('user.name') || 'Cairn',
    email: settings.get('user.email') || 'cairn@localhost',
  };
}

/** Whether the operator wants commits signed. */
export async function signsCommits(context: GitContext): Promise<boolean> {
  const answer = await context.git.text(['config', '--type=bool', '--get', 'commit.gpgSign'], {
    answers: [unset],
  });
  return answer === 'true';
}

async function operationUnderWay(context: GitContext): Promise<Operation | undefined> {
  for (const { operation, path } of context.layout.operations) {
    if (await exists(path)) return operation;
  }
  return undefined;
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
