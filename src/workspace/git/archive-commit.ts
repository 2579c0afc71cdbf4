import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, runFailures } from '../../base/failures/runs.ts';
import { isBlobName } from '../blob-folder.ts';
import { blobsFolder, journalFile } from '../journal-reader.ts';
import { namedInCompany } from '../run-paths.ts';
import { identityVariables } from './commit-text.ts';
import type { GitContext } from './git-context.ts';

export interface ArchiveRequest {
  readonly run: string;
  /** When the run was last recorded in, in milliseconds: the date of the commit. */
  readonly atMs: number;
  /** The archive that this one continues. */
  readonly parent: string | undefined;
}

const cairn = { name: 'Cairn', email: 'cairn@localhost' };

/**
 * Makes a commit of what is in a run's folder, as objects alone: no filter, no hook and no signature, and no more
 * memory for a long journal than for a short one. The same folder makes the same commit.
 */
export async function commitArchive(context: GitContext, request: ArchiveRequest): Promise<string> {
  const { run, atMs, parent } = request;
  const blobs = await blobNames(context, run);
  const names = [journalFile, ...blobs.map((name) => `${blobsFolder}/${name}`)];
  const [journal, ...contents] = await storeFiles(
    context,
    names.map((name) => namedInCompany(run, name)),
  );
  const entries = [`100644 blob ${journal}\t${journalFile}`];
  if (blobs.length > 0) {
    const tree = await makeTree(
      context,
      blobs.map((name, at) => `100644 blob ${contents[at]}\t${name}`),
    );
    entries.push(`040000 tree ${tree}\t${blobsFolder}`);
  }
  const date = `@${Math.floor(atMs / 1000)} +0000`;
  const parents = parent === undefined ? [] : ['-p', parent];
  return context.git.text(['commit-tree', await makeTree(context, entries), ...parents], {
    input: `Archive of ${run}\n\nCairn-Run: ${run}\n`,
    variables: { ...identityVariables(cairn, cairn), GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
}

/** Ids of files of the company, in their order, once they are in git's store. */
async function storeFiles(context: GitContext, paths: readonly string[]): Promise<readonly string[]> {
  const input = paths.map((path) => `${path}\n`).join('');
  return (await context.git.text(['hash-object', '-w', '--no-filters', '--stdin-paths'], { input })).split(
    '\n',
  );
}

function makeTree(context: GitContext, entries: readonly string[]): Promise<string> {
  return context.git.text(['mktree', '-z'], { input: entries.map((entry) => `${entry}\0`).join('') });
}

async function blobNames(context: GitContext, run: string): Promise<readonly string[]> {
  const folder = namedInCompany(run, blobsFolder);
  try {
    return (await readdir(join(context.root, ...folder.split('/')))).filter(isBlobName).toSorted();
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw runFailures.fileFailed('read', folder, thrown);
  }
}
