import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureCompany } from '../../../scripts/company.mjs';

const execute = promisify(execFile);

/** A copy of the sample company that a test may do anything with. */
export interface SampleCompany {
  readonly folder: string;
  /** Runs git in the company and gives what it printed, without the last line end. */
  git(...args: string[]): Promise<string>;
  /** A file of the work tree; throws when it is not there. */
  read(path: string): Promise<string>;
  remove(): Promise<void>;
}

/** A fresh copy, as a git repository with one commit, as `npm start` makes it; its owner is always the same. */
export async function freshCompany(): Promise<SampleCompany> {
  const parent = await mkdtemp(join(tmpdir(), 'cairn-company-'));
  const folder = join(parent, 'solo-studio');
  await ensureCompany(folder);
  const git = async (...args: string[]) => (await execute('git', args, { cwd: folder })).stdout.trimEnd();
  await git('config', 'user.name', 'Ines Marlow');
  await git('config', 'user.email', 'ines@fernandfield.example');
  await git('commit', '--quiet', '--amend', '--no-edit', '--reset-author');
  return {
    folder,
    git,
    read: (path) => readFile(join(folder, path), 'utf8'),
    remove: () => rm(parent, { recursive: true, force: true, maxRetries: 5 }),
  };
}
