import { gitFailures } from '../../base/failures/git.ts';
import type { ProposeRequest, VersionToAdopt } from '../../contracts/repository.ts';
import type { GitContext } from './git-context.ts';

/** A name that git takes as a part of a ref, and that cannot end a command of `update-ref`. */
const usableRun = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/;

/** Throws `input.invalid`. */
export function requireUsableRun(run: string): void {
  if (!usableRun.test(run)) throw gitFailures.unusableRun(run);
}

/**
 * Keeps a version reachable for ever and makes it the proposal's latest, both or neither. A repeated
 * older version does not become the latest again.
 */
export async function keepVersion(
  context: GitContext,
  request: Pick<ProposeRequest, 'run' | 'n' | 'version'>,
  commit: string,
): Promise<void> {
  const home = `refs/cairn/runs/${request.run}`;
  const versions = `${home}/versions/${request.n}`;
  const refs = [`${versions}/${request.version}`];
  if (request.version >= (await newestVersion(context, versions)))
    refs.push(`${home}/proposals/${request.n}`);
  await updateRefs(
    context,
    refs.map((ref) => [ref, commit]),
  );
}

/** Names versions of another run as those of a run that has none yet. Throws `git.failed` when a commit is missing. */
export async function adoptVersions(
  context: GitContext,
  run: string,
  versions: readonly VersionToAdopt[],
): Promise<void> {
  requireUsableRun(run);
  const home = `refs/cairn/runs/${run}`;
  const refs = new Map<string, string>();
  for (const { n, version, commit } of versions.toSorted((a, b) => a.version - b.version)) {
    refs.set(`${home}/versions/${n}/${version}`, await context.objects.commit(commit));
    refs.set(`${home}/proposals/${n}`, commit);
  }
  if (refs.size > 0) await updateRefs(context, [...refs]);
}

/** Moves all refs or none. */
async function updateRefs(
  context: GitContext,
  refs: readonly (readonly [ref: string, commit: string])[],
): Promise<void> {
  const updates = refs.map(([ref, commit]) => `update ${ref}\0${commit}\0\0`).join('');
  await context.git.run(['update-ref', '--stdin', '-z'], {
    input: `start\0${updates}prepare\0commit\0`,
  });
}

async function newestVersion(context: GitContext, versions: string): Promise<number> {
  const names = await context.git.text(['for-each-ref', '--format=%(refname)', `${versions}/`]);
  return Math.max(0, ...names.split('\n').map((name) => Number(name.slice(versions.length + 1)) || 0));
}
