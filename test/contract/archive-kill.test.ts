import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordRun } from '../fixtures/ended-runs.ts';
import { GitSandbox } from '../fixtures/git-sandbox.ts';
import { ManualClock } from '../../src/base/clock.ts';
import { withArchive } from '../../src/workspace/archived-runs.ts';
import { openCompanyGit } from '../../src/workspace/git/open-repository.ts';
import { openRunStore } from '../../src/workspace/run-store.ts';

const run = '20260105-content-loop-ab12';
/** More than there are actions; the test fails if the last child was still killed. */
const mostActions = 60;

describe('archiving and pruning in a process that is killed (P2)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-prune-'));
  const script = join(folder, 'prune-and-die.cjs');
  const sandbox = GitSandbox.create({ '.cairn/.gitignore': 'runs/\nindex/\ncache/\n', 'a.md': 'a\n' });

  beforeAll(async () => {
    await build({
      entryPoints: [join(import.meta.dirname, '../fixtures/prune-and-die.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
    });
    await recordRun(sandbox.root, run, 'succeeded');
    sandbox.git('update-ref', `refs/cairn/runs/${run}/versions/1/1`, 'HEAD');
    sandbox.git('update-ref', `refs/cairn/runs/${run}/proposals/1`, 'HEAD');
  }, 30_000);

  afterAll(() => {
    sandbox.dispose();
    rmSync(folder, { recursive: true });
  });

  async function pruneIn(root: string, days: number, fatal: number): Promise<'killed' | 'done'> {
    const child = spawn(process.execPath, [script, root, String(days), String(fatal)], { stdio: 'inherit' });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(code ?? signal).toSatisfy((end) => end === 0 || end === 'SIGKILL');
    return signal === null ? 'done' : 'killed';
  }

  const records = async (root: string) => {
    const { archive } = await openCompanyGit(root);
    const store = withArchive(openRunStore(root, { clock: new ManualClock() }), archive);
    return (await store.list()).includes(run) ? (await store.read(run)).records : undefined;
  };
  const refs = (copy: GitSandbox) => copy.git('for-each-ref', '--format=%(refname:lstrip=4)', 'refs/cairn');
  const own = (copy: GitSandbox) =>
    Object.fromEntries(
      Object.entries(copy.fingerprint()).filter(([path]) => !path.startsWith('.cairn/runs')),
    );

  interface Trial {
    readonly from: GitSandbox;
    readonly days: number;
    /** What has to hold after the kill. */
    readonly look: (copy: GitSandbox) => Promise<void>;
    /** The refs that are left in the end. */
    readonly left: string;
  }

  /** Kills before the n-th action, looks, and lets another process finish; answers whether the first one did. */
  async function killedAt(n: number, { from, days, look, left }: Trial): Promise<boolean> {
    const copy = copyOf(from, `copy-${days}-${n}`);
    const before = own(copy);
    const end = await pruneIn(copy.root, days, n);
    await look(copy);
    expect(await pruneIn(copy.root, days, 0)).toBe('done');
    expect(readdirSync(copy.path('.cairn/runs'))).toEqual([]);
    expect(refs(copy)).toBe(left);
    expect(own(copy)).toEqual(before);
    expect(copy.git('fsck', '--strict', '--no-dangling')).toBe('');
    copy.dispose();
    return end === 'done';
  }

  function copyOf(from: GitSandbox, name: string): GitSandbox {
    const copy = new GitSandbox(join(folder, name));
    cpSync(from.root, copy.root, { recursive: true, preserveTimestamps: true });
    return copy;
  }

  async function atEveryAction(trial: Trial): Promise<void> {
    for (let n = 1; n <= mostActions; n += 2) {
      const done = await Promise.all([n, n + 1].map((at) => killedAt(at, trial)));
      if (done.at(-1)) return;
    }
    expect.fail(`still killed at action ${mostActions}`);
  }

  it('leaves the run as it was, in its folder or in its archive, and the next process finishes', {
    timeout: 600_000,
  }, async () => {
    const whole = await records(sandbox.root);
    expect(whole?.length).toBeGreaterThan(1);
    await atEveryAction({
      from: sandbox,
      days: 31,
      look: async (copy) => expect(await records(copy.root)).toEqual(whole),
      left: 'archive\nproposals/1\nversions/1/1',
    });
  });

  it('forgets a run as a whole: its proposals are never left without it', {
    timeout: 600_000,
  }, async () => {
    const whole = await records(sandbox.root);
    const pruned = copyOf(sandbox, 'pruned');
    await pruneIn(pruned.root, 31, 0);
    await atEveryAction({
      from: pruned,
      days: 400,
      look: async (copy) => {
        const left = await records(copy.root);
        if (left === undefined) expect(refs(copy)).toBe('');
        else expect(left).toEqual(whole);
      },
      left: '',
    });
  });
});
