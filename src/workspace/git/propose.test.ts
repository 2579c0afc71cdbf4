import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import type { FileEdit, Repository } from '../../contracts/repository.ts';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { openRepository } from './open-repository.ts';

const run = '20260105-content-loop-ab12';
const author = { name: 'Executor <x>', email: 'executor@agents.example' };
const message = 'Draft the post\n\nCairn-Run: r\n';
const content = 'new\n';

describe('a proposal in git', { timeout: 30_000 }, () => {
  let sandbox: GitSandbox;
  let repository: Repository;
  beforeEach(async () => {
    sandbox = GitSandbox.create({ 'AGENTS.md': '# House rules\n', 'memory/a.md': 'a\n' });
    repository = await openRepository(sandbox.root);
  });
  afterEach(() => sandbox.dispose());

  const propose = async (edits: readonly FileEdit[], slot = { n: 1, version: 1 }, base?: string) =>
    repository.propose({ run, ...slot, base: base ?? (await repository.head()), edits, author, message });
  const refs = () =>
    sandbox.git('for-each-ref', '--format=%(refname:lstrip=3) %(objectname)', 'refs/cairn').split('\n');

  it('leaves HEAD, index, branches and work tree byte-identical (P1)', async () => {
    sandbox.write('staged.md', 'staged\n');
    sandbox.git('add', 'staged.md');
    sandbox.write('AGENTS.md', 'edited\n');
    sandbox.write('untracked/x.md', 'x\n');
    const before = sandbox.fingerprint();
    const { commit } = await propose([
      { path: 'drafts/post.md', content },
      { path: 'AGENTS.md', deleted: true },
    ]);
    await repository.changes(await repository.head(), commit);
    await repository.read(commit, 'drafts/post.md');
    await repository.list(commit, ['**']);
    await expect(propose([{ path: 'AGENTS.md/x', content }])).rejects.toThrow();
    expect(sandbox.fingerprint()).toEqual(before);
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['.git/HEAD', '.git/index', '.git/refs/heads/main']),
    );
  });

  it('keeps every version reachable, and names the latest', async () => {
    const first = await propose([{ path: 'a.md', content }]);
    const second = await propose([{ path: 'a.md', content: 'newer\n' }], { n: 1, version: 2 });
    const other = await propose([{ path: 'b.md', content }], { n: 2, version: 1 });
    await propose([{ path: 'a.md', content }], { n: 1, version: 1 });
    expect(refs()).toEqual([
      `${run}/proposals/1 ${second.commit}`,
      `${run}/proposals/2 ${other.commit}`,
      `${run}/versions/1/1 ${first.commit}`,
      `${run}/versions/1/2 ${second.commit}`,
      `${run}/versions/2/1 ${other.commit}`,
    ]);
  });

  it('is named as another run’s by its refs, the latest version as the latest', async () => {
    const first = await propose([{ path: 'a.md', content }]);
    const second = await propose([{ path: 'a.md', content: 'newer\n' }], { n: 1, version: 2 });
    const versions = [second, first].map(({ commit }, at) => ({ n: 1, version: 2 - at, commit }));
    await repository.adopt('20260106-content-loop-cd34', versions);
    expect(refs().filter((ref) => ref.includes('cd34'))).toEqual([
      `20260106-content-loop-cd34/proposals/1 ${second.commit}`,
      `20260106-content-loop-cd34/versions/1/1 ${first.commit}`,
      `20260106-content-loop-cd34/versions/1/2 ${second.commit}`,
    ]);
  });

  it('has author, message, date and parent as asked', async () => {
    const base = await repository.head();
    const edits = [{ path: 'a.md', content }];
    const { commit } = await repository.propose({
      run,
      n: 1,
      version: 1,
      base,
      edits,
      author,
      message,
      atMs: Date.UTC(2026, 0, 5, 9),
    });
    expect(sandbox.git('log', '-1', '--format=%an|%ae|%cI|%P|%B', commit)).toBe(
      `Executor  x|executor@agents.example|2026-01-05T09:00:00+00:00|${base}|${message}`,
    );
  });

  it('has the date of its base when none is given', async () => {
    const { commit } = await propose([{ path: 'a.md', content }]);
    expect(sandbox.git('log', '-1', '--format=%ct', commit)).toBe(
      sandbox.git('log', '-1', '--format=%ct', 'HEAD'),
    );
  });

  it('leaves no ref when it is empty', async () => {
    await expect(propose([{ path: 'AGENTS.md', content: '# House rules\n' }])).rejects.toThrow(
      'changes nothing',
    );
    expect(refs()).toEqual(['']);
  });

  it('keeps a file executable, and makes one when asked', async () => {
    sandbox.write('run.sh', 'true\n', 0o755);
    sandbox.commit('Script');
    const { commit } = await propose([
      { path: 'run.sh', content },
      { path: 'new.sh', content, executable: true },
      { path: 'plain.md', content },
    ]);
    const modes = ['run.sh', 'new.sh', 'plain.md'].map((path) =>
      sandbox.git('ls-tree', commit, path).slice(0, 6),
    );
    expect(modes).toEqual(['100755', '100755', '100644']);
  });

  it('does not confuse names that differ only by case', async () => {
    sandbox.git('config', 'core.ignoreCase', 'true');
    const { commit } = await propose([{ path: 'agents.md', content }]);
    expect(await repository.list(commit, ['*.md'])).toEqual(['AGENTS.md', 'agents.md']);
  });

  it.each(['out', 'out/x.md', 'inside', 'inside/x.md'])(
    'does not write through a link of the base: %s',
    async (path) => {
      sandbox.link('out', '..');
      sandbox.link('inside', 'memory');
      sandbox.commit('Links');
      await expect(propose([{ path, content }])).rejects.toMatchObject({
        failure: { code: 'path.protected' },
      });
      await expect(propose([{ path, deleted: true }])).rejects.toMatchObject({
        failure: { code: 'path.protected' },
      });
    },
  );

  it('does not touch a submodule', async () => {
    sandbox.git('update-index', '--add', '--cacheinfo', `160000,${sandbox.head()},module`);
    sandbox.git('commit', '-q', '-m', 'Submodule');
    for (const path of ['module', 'module/x.md']) {
      await expect(propose([{ path, content }])).rejects.toMatchObject({
        failure: { code: 'path.protected' },
      });
    }
  });

  it('refuses to remove what it could not give back', async () => {
    sandbox.write('large.bin', 'x'.repeat(limits.proposalFileBytes + 1));
    const base = sandbox.commit('Large');
    const removal = propose([{ path: 'large.bin', deleted: true }]);
    await expect(removal).rejects.toMatchObject({
      failure: { code: 'file.too-large', at: { file: 'large.bin' } },
    });
    await expect(repository.read(base, 'large.bin')).rejects.toMatchObject({
      failure: { code: 'file.too-large' },
    });
  });

  it.each(['../up', 'a b', 'a\nupdate refs/heads/main', '', 'x.lock/'])(
    'refuses the run %j',
    async (name) => {
      const asked = {
        run: name,
        n: 1,
        version: 1,
        base: sandbox.head(),
        edits: [{ path: 'a', content }],
        author,
        message,
      };
      await expect(repository.propose(asked)).rejects.toMatchObject({ failure: { code: 'input.invalid' } });
    },
  );

  it('reads many files at once, small and large', async () => {
    const edits = Array.from({ length: 60 }, (_, at) => ({
      path: `${at}.md`,
      content: `${at}`.repeat(at * 997),
    }));
    const { commit } = await propose(edits);
    const read = await Promise.all(edits.map(({ path }) => repository.read(commit, path)));
    expect(read.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(
      edits.map((edit) => edit.content),
    );
  });
});
