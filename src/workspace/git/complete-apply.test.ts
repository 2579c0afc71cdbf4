import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { FileEdit, PreparedApply, Repository } from '../../contracts/repository.ts';
import { type Content, GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { openRepository } from './open-repository.ts';

const author = { name: 'Executor', email: 'executor@agents.example' };
const message = 'Draft the post';
const start = { 'AGENTS.md': 'one\ntwo\n', 'briefs/a.md': 'a\n' };

describe('applying in git', { timeout: 30_000 }, () => {
  const sandboxes: GitSandbox[] = [];
  afterEach(() => {
    for (const sandbox of sandboxes.splice(0)) sandbox.dispose();
  });

  async function at(files: Readonly<Record<string, Content>> = start, options: readonly string[] = []) {
    const sandbox = GitSandbox.create(files, options);
    sandboxes.push(sandbox);
    return { sandbox, repository: await openRepository(sandbox.root) };
  }

  async function prepare(repository: Repository, edits: readonly FileEdit[]): Promise<PreparedApply> {
    const base = await repository.head();
    const { commit } = await repository.propose({ run: 'r', n: 1, version: 1, base, edits, author, message });
    return repository.prepareApply({ commit, base, message, author });
  }

  const edit = { path: 'AGENTS.md', content: 'one\nchanged\n' };

  it('has the agent for author and the operator for committer, on top of the branch', async () => {
    const { sandbox, repository } = await at();
    const head = sandbox.head();
    await repository.completeApply(await prepare(repository, [edit]));
    expect(sandbox.git('log', '-1', '--format=%an|%cn|%ce|%P|%s')).toBe(
      `Executor|Olive Operator|olive@studio.example|${head}|Draft the post`,
    );
    expect(sandbox.git('reflog', '-1', '--format=%gs')).toBe('cairn: apply proposal');
    expect(sandbox.git('diff-files')).toBe('');
  });

  it.each<[string, string, (sandbox: GitSandbox) => void]>([
    ['git.detached', 'HEAD is detached', (sandbox) => void sandbox.git('switch', '-q', '--detach')],
    ['git.busy', 'a merge is under way', (sandbox) => sandbox.fails('merge', 'other')],
    ['git.busy', 'a rebase is under way', (sandbox) => sandbox.fails('rebase', 'other')],
    ['git.busy', 'a cherry-pick is under way', (sandbox) => sandbox.fails('cherry-pick', 'other')],
    ['git.busy', 'a revert is under way', (sandbox) => sandbox.fails('revert', '--no-edit', 'HEAD~1')],
    ['git.busy', 'a bisection is under way', (sandbox) => void sandbox.git('bisect', 'start')],
  ])('refuses with %s while %s', async (code, _, begin) => {
    const { sandbox, repository } = await at();
    sandbox.git('switch', '-q', '-c', 'other');
    sandbox.write('briefs/a.md', 'theirs\n');
    sandbox.commit('Theirs');
    sandbox.git('switch', '-q', 'main');
    for (const text of ['ours\n', 'ours, again\n']) {
      sandbox.write('briefs/a.md', text);
      sandbox.commit('Ours');
    }
    const prepared = await prepare(repository, [edit]);
    begin(sandbox);
    const before = sandbox.fingerprint();
    await expect(prepare(repository, [edit])).rejects.toMatchObject({ failure: { code } });
    await expect(repository.completeApply(prepared)).rejects.toMatchObject({ failure: { code } });
    expect(sandbox.fingerprint()).toEqual(before);
  });

  it('refuses when another branch is checked out', async () => {
    const { sandbox, repository } = await at();
    const prepared = await prepare(repository, [edit]);
    sandbox.git('switch', '-q', '-c', 'other');
    await expect(repository.completeApply(prepared)).rejects.toMatchObject({
      failure: { code: 'git.moved' },
    });
    expect(await repository.recoverApply(prepared)).toBe(false);
  });

  it('leaves the files of another branch alone when it recovers', async () => {
    const { sandbox, repository } = await at();
    const prepared = await prepare(repository, [edit]);
    sandbox.git('switch', '-q', '-c', 'other');
    sandbox.git('update-ref', 'refs/heads/main', prepared.commit);
    const before = sandbox.fingerprint();
    expect(await repository.recoverApply(prepared)).toBe(true);
    expect(sandbox.fingerprint()).toEqual(before);
  });

  it('waits for another git process to let go of the index', async () => {
    const { sandbox, repository } = await at();
    const prepared = await prepare(repository, [edit]);
    sandbox.write('.git/index.lock', '');
    const applied = repository.completeApply(prepared);
    rmSync(sandbox.path('.git/index.lock'));
    await applied;
    expect(sandbox.git('status', '--porcelain')).toBe('');
  });

  it('touches nothing when another git process does not let go of the index', async () => {
    const { sandbox, repository } = await at();
    const prepared = await prepare(repository, [edit]);
    sandbox.write('.git/index.lock', '');
    const before = sandbox.fingerprint();
    const applied = repository.completeApply(prepared);
    await expect(applied).rejects.toMatchObject({ failure: { code: 'git.busy', retry: 'later' } });
    expect(sandbox.fingerprint()).toEqual(before);
  });

  it('keeps a file’s rights, and gives a new script those to run', async () => {
    const { sandbox, repository } = await at();
    sandbox.write('AGENTS.md', 'one\ntwo\n', 0o600);
    await repository.completeApply(
      await prepare(repository, [edit, { path: 'new.sh', content: 'true\n', executable: true }]),
    );
    expect(sandbox.modeOf('AGENTS.md')).toBe(0o600);
    expect(sandbox.modeOf('new.sh') & 0o100).toBe(0o100);
    expect(sandbox.git('status', '--porcelain')).toBe('');
  });

  it('keeps Windows line endings where the file has them', async () => {
    const { sandbox, repository } = await at({});
    sandbox.git('config', 'core.autocrlf', 'true');
    sandbox.write('AGENTS.md', 'one\r\ntwo\r\n');
    sandbox.commit('Start');
    await repository.completeApply(await prepare(repository, [edit]));
    expect(sandbox.read('AGENTS.md')).toBe('one\r\nchanged\r\n');
    expect(sandbox.git('show', 'HEAD:AGENTS.md')).toBe('one\nchanged');
    expect(sandbox.git('status', '--porcelain')).toBe('');
  });

  it('refuses a folder that the operator has replaced by a link', async () => {
    const { sandbox, repository } = await at();
    sandbox.write('elsewhere/a.md', 'a\n');
    sandbox.remove('briefs');
    sandbox.link('briefs', 'elsewhere');
    const prepared = prepare(repository, [{ path: 'briefs/a.md', content: 'agent\n' }]);
    await expect(prepared).rejects.toMatchObject({ failure: { code: 'apply.edited' } });
    expect(sandbox.read('elsewhere/a.md')).toBe('a\n');
  });

  it('gives an executable file back that was deleted', async () => {
    const { sandbox, repository } = await at();
    sandbox.write('run.sh', 'true\n', 0o755);
    sandbox.commit('Script');
    const tree = sandbox.git('rev-parse', 'HEAD^{tree}');
    const removal = await prepare(repository, [{ path: 'run.sh', deleted: true }]);
    await repository.completeApply(removal);
    await repository.completeApply(await prepare(repository, await repository.inverse([removal.commit])));
    expect(sandbox.git('rev-parse', 'HEAD^{tree}')).toBe(tree);
    expect(sandbox.modeOf('run.sh') & 0o100).toBe(0o100);
  });

  it('works in a repository with SHA-256', async () => {
    const { sandbox, repository } = await at(start, ['--object-format=sha256']);
    const edits: FileEdit[] = [
      edit,
      { path: 'briefs/a.md', deleted: true },
      { path: 'b.md', content: 'b\n' },
    ];
    const prepared = await prepare(repository, edits);
    expect(prepared.commit).toHaveLength(64);
    await repository.completeApply(prepared);
    expect(sandbox.git('status', '--porcelain')).toBe('');
    expect(await repository.inverse([prepared.commit])).toHaveLength(3);
  });

  it('works in a linked work tree, and leaves the others alone', async () => {
    const { sandbox } = await at();
    const linked = new GitSandbox(sandbox.path('linked'));
    sandbox.git('worktree', 'add', '-q', '-b', 'side', linked.root);
    const before = sandbox.git('status', '--porcelain');
    const repository = await openRepository(linked.root);
    await repository.completeApply(await prepare(repository, [edit]));
    expect(linked.git('status', '--porcelain')).toBe('');
    expect(linked.read('AGENTS.md')).toBe(edit.content);
    expect(sandbox.git('status', '--porcelain')).toBe(before);
    expect(sandbox.read('AGENTS.md')).toBe(start['AGENTS.md']);
  });
});
