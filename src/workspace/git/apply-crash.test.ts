import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreparedApply } from '../../contracts/repository.ts';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { openRepository } from './open-repository.ts';

const author = { name: 'Executor', email: 'executor@agents.example' };
const message = 'Draft the post';
const edits = [
  { path: 'drafts/new/post.md', content: 'post\n' },
  { path: 'kept.sh', content: 'echo changed\n' },
  { path: 'old/gone.md', deleted: true },
] as const;
/** More than there are actions; the test fails if the last child was still killed. */
const mostActions = 80;

describe('an apply whose process is killed (P2)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-crash-'));
  const script = join(folder, 'apply-and-die.cjs');
  const sandbox = GitSandbox.create();
  let prepared: PreparedApply;

  beforeAll(async () => {
    await build({
      entryPoints: [join(import.meta.dirname, '../../../test/fixtures/apply-and-die.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
    });
    sandbox.write('kept.sh', 'echo start\n', 0o755);
    sandbox.write('old/gone.md', 'gone\n');
    sandbox.write('mine.md', 'committed\n');
    sandbox.commit('Start');
    const repository = await openRepository(sandbox.root);
    const base = await repository.head();
    const { commit } = await repository.propose({ run: 'r', n: 1, version: 1, base, author, message, edits });
    prepared = await repository.prepareApply({ commit, base, message, author });
    sandbox.write('mine.md', 'staged\n');
    sandbox.git('add', 'mine.md');
    sandbox.write('mine.md', 'edited\n');
  }, 30_000);

  afterAll(() => {
    sandbox.dispose();
    rmSync(folder, { recursive: true });
  });

  /** Kills before the n-th action, recovers, and answers whether the process came to its end alive. */
  async function killedAt(n: number): Promise<boolean> {
    const copy = new GitSandbox(join(folder, `copy-${n}`));
    cpSync(sandbox.root, copy.root, { recursive: true, preserveTimestamps: true });
    const before = copy.fingerprint();
    const child = spawn(process.execPath, [script, copy.root, JSON.stringify(prepared), String(n)], {
      stdio: 'inherit',
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(code ?? signal).toSatisfy((end) => end === 0 || end === 'SIGKILL');

    const repository = await openRepository(copy.root);
    const applied = await repository.recoverApply(prepared);
    if (!applied) {
      expect(copy.fingerprint()).toEqual(before);
      await repository.completeApply(prepared);
    }
    expectApplied(copy);
    const after = copy.fingerprint();
    expect(await repository.recoverApply(prepared)).toBe(true);
    expect(copy.fingerprint()).toEqual(after);
    copy.dispose();
    return signal === null;
  }

  function expectApplied(copy: GitSandbox): void {
    expect(copy.head()).toBe(prepared.commit);
    expect(copy.git('status', '--porcelain', '--untracked-files=all')).toBe('MM mine.md');
    expect(copy.git('show', ':mine.md')).toBe('staged');
    expect(copy.read('mine.md')).toBe('edited\n');
    expect(copy.read('drafts/new/post.md')).toBe('post\n');
    expect(copy.read('kept.sh')).toBe('echo changed\n');
    expect(copy.modeOf('kept.sh')).toBe(0o755);
    expect(copy.read('old')).toBeUndefined();
  }

  it('is applied as a whole or not at all after recovery, at whatever action it died', {
    timeout: 120_000,
  }, async () => {
    for (let n = 1; n <= mostActions; n += 3) {
      const survived = await Promise.all([n, n + 1, n + 2].map(killedAt));
      if (survived.at(-1)) return;
    }
    expect.fail(`still killed at action ${mostActions}`);
  });
});
