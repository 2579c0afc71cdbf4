import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileEdit, PreparedApply, Repository } from '../../contracts/repository.ts';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { openRepository } from './open-repository.ts';

const author = { name: 'Executor', email: 'executor@agents.example' };
const message = 'Draft the post';
const hooks = [
  'pre-commit',
  'commit-msg',
  'post-commit',
  'post-index-change',
  'reference-transaction',
  'fsmonitor',
];

describe('the operator’s hooks, filters and other programs (P8)', { timeout: 30_000 }, () => {
  let sandbox: GitSandbox;
  let repository: Repository;

  beforeEach(async () => {
    sandbox = GitSandbox.create({
      'a.md': 'a\n',
      'both.md': 'base\n',
      '.gitattributes': '*.md filter=spy merge=spy diff=spy\n',
    });
    repository = await openRepository(sandbox.root);
    const spy = sandbox.path('.git/spy.sh');
    sandbox.write('.git/spy.sh', `#!/bin/sh\necho "$0 $*" >> "${sandbox.path('.git/spied')}"\ncat\n`, 0o755);
    for (const hook of hooks) sandbox.write(`.git/hooks/${hook}`, `#!/bin/sh\n. "${spy}"\n`, 0o755);
    const settings = {
      'core.hooksPath': sandbox.path('.git/hooks'),
      'core.fsmonitor': sandbox.path('.git/hooks/fsmonitor'),
      'filter.spy.clean': `${spy} clean`,
      'filter.spy.smudge': `${spy} smudge`,
      'filter.spy.required': 'true',
      'merge.spy.driver': `${spy} merge %O %A %B`,
      'diff.spy.textconv': `${spy} textconv`,
      'diff.external': `${spy} diff`,
    };
    for (const [key, value] of Object.entries(settings)) sandbox.git('config', key, value);
  });
  afterEach(() => sandbox.dispose());

  const spied = () => sandbox.read('.git/spied') ?? '';
  const prepare = async (edits: readonly FileEdit[], base: string): Promise<PreparedApply> => {
    const { commit } = await repository.propose({ run: 'r', n: 1, version: 1, base, edits, author, message });
    await repository.changes(base, commit);
    return repository.prepareApply({ commit, base, message, author });
  };

  it('do not run while a proposal is made, shown, applied, recovered and undone', async () => {
    const edits = [
      { path: 'a.md', content: 'changed\n' },
      { path: 'new.md', content: 'new\n' },
    ];
    const prepared = await prepare(edits, await repository.head());
    await repository.completeApply(prepared);
    await repository.recoverApply(prepared);
    const undo = await prepare(await repository.inverse([prepared.commit]), await repository.head());
    await repository.completeApply(undo);
    await repository.withTrailer('Cairn-Run', 'r');
    expect(spied()).toBe('');
    expect(sandbox.read('a.md')).toBe('a\n');
  });

  it('do not merge: a file that has its own merge program, changed on both sides, is a conflict', async () => {
    const base = await repository.head();
    sandbox.write('both.md', 'ours\n');
    sandbox.git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-a', '-m', 'Ours');
    sandbox.remove('.git/spied');
    const prepared = prepare([{ path: 'both.md', content: 'theirs\n' }], base);
    await expect(prepared).rejects.toMatchObject({ failure: { code: 'apply.conflict' } });
    expect(spied()).toBe('');
  });

  it('do run where git itself is asked, which shows that they would be noticed', () => {
    sandbox.write('a.md', 'changed\n');
    sandbox.git('commit', '-q', '-a', '-m', 'By hand');
    for (const program of ['pre-commit', 'clean', 'reference-transaction'])
      expect(spied()).toContain(program);
  });

  it('sign the applied commit when the operator signs commits, and no proposal', async () => {
    const signature = '-----BEGIN PGP SIGNATURE-----\n\nsigned\n-----END PGP SIGNATURE-----';
    sandbox.write(
      '.git/gpg.sh',
      `#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho '${signature}'\n`,
      0o755,
    );
    sandbox.git('config', 'gpg.program', sandbox.path('.git/gpg.sh'));
    sandbox.git('config', 'commit.gpgSign', 'true');
    const base = await repository.head();
    const prepared = await prepare([{ path: 'a.md', content: 'changed\n' }], base);
    expect(sandbox.git('cat-file', 'commit', prepared.commit)).toContain('gpgsig -----BEGIN PGP');
    expect(sandbox.git('cat-file', 'commit', 'refs/cairn/runs/r/proposals/1')).not.toContain('gpgsig');
  });
});
