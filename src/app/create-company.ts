import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appFailures } from '../base/failures/app.ts';
import { companyPaths } from '../contracts/company.ts';
import { openCompanyFiles } from '../workspace/company-files.ts';
import { commitFirst } from '../workspace/git/first-commit.ts';
import { initRepository } from '../workspace/git/open-repository.ts';

export interface CreateRequest {
  /** The folder to be the company; made when it is not there. */
  readonly root: string;
  /** The folder of the sample company that comes with Cairn. */
  readonly starter: string;
  /** `sample`: a studio that works at once; `definitions`: workflows, agents and policy alone. */
  readonly content: 'sample' | 'definitions';
}

export interface Created {
  readonly written: readonly string[];
  /** Files that were there already and stay as they are. */
  readonly kept: readonly string[];
  /** Whether a first commit was made; in a repository with commits, committing is left to the operator. */
  readonly committed: boolean;
}

/** Makes a company of a folder without touching what is there. Throws `git.*`, `company.exists`. */
export async function createCompany({ root, starter, content }: CreateRequest): Promise<Created> {
  const repository = await initRepository(root);
  const files = openCompanyFiles(root);
  if (await files.exists(companyPaths.policy)) throw appFailures.companyExists(root);
  const written: string[] = [];
  const kept: string[] = [];
  for (const path of await starterFiles(starter)) {
    if (content === 'definitions' && !isDefinition(path)) continue;
    const outcome = await files.write(path, await readFile(join(starter, path), 'utf8'));
    (outcome === 'written' ? written : kept).push(path);
  }
  const { head } = await repository.state();
  if (head === undefined) {
    const operator = await repository.operator();
    await commitFirst(root, { paths: written, message: 'Create the company', operator });
  }
  return { written, kept, committed: head === undefined };
}

async function starterFiles(starter: string): Promise<string[]> {
  const entries = await readdir(starter, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(starter.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !/^\.cairn\/(runs|index|cache)\//.test(path))
    .sort();
}

function isDefinition(path: string): boolean {
  return path.startsWith(`${companyPaths.home}/`);
}
