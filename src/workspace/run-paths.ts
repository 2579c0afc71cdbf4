import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { companyPaths } from '../contracts/company.ts';
import { codeOf, runFailures } from '../base/failures/runs.ts';

/** What a run's id may look like, so that it is one plain name of a folder on every system. */
const runName = /^[a-z0-9][a-z0-9-]{0,119}$/;

export function isRunName(name: string): boolean {
  return runName.test(name);
}

/** Throws `run.missing` for what cannot be a run's id. */
export function checkRunName(run: string): void {
  if (!isRunName(run)) throw runFailures.missing(run);
}

/** Where the company's runs are on disk. */
export function runsFolder(companyRoot: string): string {
  return join(companyRoot, ...companyPaths.runs.split('/'));
}

/** A path below a run's folder as messages call it: relative to the company, with `/`. */
export function namedInCompany(run: string, name: string): string {
  return `${companyPaths.runs}/${run}/${name}`;
}

/** Ids of the runs that have a folder, newest first. Throws `file.failed`. */
export async function listRunFolders(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && isRunName(entry.name));
    return folders
      .map(({ name }) => name)
      .toSorted()
      .toReversed();
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw runFailures.fileFailed('read', folder, thrown);
  }
}
