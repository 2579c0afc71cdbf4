import { type SimpleGit, simpleGit } from 'simple-git';
import { gitFailures } from '../../base/failures/git.ts';
import { limits } from '../../base/limits.ts';
import { fixedSettings, fixedVariables, gitEnvironment } from './git-environment.ts';

const needed = { major: 2, minor: 38 } as const;

/** simple-git in a folder, with the same settings and environment as Cairn's plumbing. */
export function porcelainIn(root: string): SimpleGit {
  return simpleGit({
    baseDir: root,
    config: [...fixedSettings],
    timeout: { block: limits.gitTimeoutMs },
    allowEnvironment: Object.keys(fixedVariables),
    // They guard against settings that run programs; these here keep programs from being run.
    unsafe: { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true },
  }).env(gitEnvironment());
}

/** Throws `git.missing`, or `git.too-old` when git cannot merge without a work tree. */
export async function requireGit(porcelain: SimpleGit): Promise<void> {
  const { installed, major, minor, patch } = await answered('version', () => porcelain.version());
  if (!installed) throw gitFailures.missing();
  if (major > needed.major || (major === needed.major && minor >= needed.minor)) return;
  throw gitFailures.tooOld(`${major}.${minor}.${patch}`, `${needed.major}.${needed.minor}`);
}

/** `git init` with the branch `main`. */
export async function makeRepository(porcelain: SimpleGit): Promise<void> {
  await answered('init', () => porcelain.init(['--initial-branch=main']));
}

/** Git's settings by their names in lower case, wherever they are set; the last one wins. */
export async function readSettings(porcelain: SimpleGit): Promise<ReadonlyMap<string, string>> {
  const { all } = await answered('config', () => porcelain.listConfig());
  return new Map(Object.entries(all).map(([key, value]) => [key, [value].flat().at(-1) ?? '']));
}

async function answered<T>(command: string, ask: () => PromiseLike<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw gitFailures.failed(command, thrown instanceof Error ? thrown.message : String(thrown));
  }
}
