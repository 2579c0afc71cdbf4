import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { commitFirst } from './first-commit.ts';
import { initRepository, openRepository } from './open-repository.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-open-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Puts a program called git first, and alone, on the path. */
function pretendGit(script: string): void {
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'git'), 0o755);
  vi.stubEnv('PATH', folder);
}

const refusal = (code: string, remedy: RegExp) => ({
  failure: { code, remedy: expect.stringMatching(remedy) },
});

describe('opening a repository', { timeout: 30_000 }, () => {
  it('needs git', async () => {
    vi.stubEnv('PATH', folder);
    await expect(openRepository(folder)).rejects.toMatchObject(refusal('git.missing', /Install/));
  });

  it('needs a git that can merge without a work tree', async () => {
    pretendGit('echo git version 2.37.9');
    const opening = openRepository(folder);
    await expect(opening).rejects.toMatchObject(refusal('git.too-old', /Update/));
    await expect(opening).rejects.toThrow('Git 2.37.9 is too old; Cairn needs 2.38 or newer.');
  });

  it('says how to trust a folder of another user', async () => {
    pretendGit(
      'case "$*" in *version*) echo git version 2.40.0;; *) echo fatal: detected dubious ownership in repository >&2; exit 128;; esac',
    );
    await expect(openRepository(folder)).rejects.toMatchObject(refusal('git.failed', /safe\.directory/));
  });

  it('needs a repository', async () => {
    await expect(openRepository(folder)).rejects.toMatchObject(refusal('git.not-a-repository', /cairn init/));
    const nowhere = openRepository(join(folder, 'nowhere'));
    await expect(nowhere).rejects.toMatchObject(refusal('git.not-a-repository', /cairn init/));
  });

  it('needs the top folder of one', async () => {
    new GitSandbox(folder).git('init', '-q');
    mkdirSync(join(folder, 'inside'));
    const opening = openRepository(join(folder, 'inside'));
    await expect(opening).rejects.toMatchObject(refusal('git.not-a-repository', /Open “.*” itself/));
  });

  it('needs a work tree', async () => {
    new GitSandbox(folder).git('init', '-q', '--bare');
    await expect(openRepository(folder)).rejects.toMatchObject({ failure: { code: 'git.not-a-repository' } });
  });

  it('takes a folder that is reached by a link', async () => {
    const sandbox = new GitSandbox(join(folder, 'company'));
    mkdirSync(sandbox.root);
    sandbox.git('init', '-q');
    symlinkSync(sandbox.root, join(folder, 'link'));
    expect((await openRepository(join(folder, 'link'))).root).toBe(join(folder, 'link'));
  });

  it('is not led elsewhere by the caller’s variables', async () => {
    const sandbox = GitSandbox.create({ 'a.md': 'a\n' });
    vi.stubEnv('GIT_DIR', join(folder, 'elsewhere'));
    vi.stubEnv('GIT_INDEX_FILE', join(folder, 'index'));
    vi.stubEnv('PAGER', 'false');
    const repository = await openRepository(sandbox.root);
    expect(await repository.list(await repository.head(), ['**'])).toEqual(['a.md']);
    vi.unstubAllEnvs();
    sandbox.dispose();
  });
});

describe('making a repository', () => {
  it('makes folder and repository with the branch main', async () => {
    const repository = await initRepository(join(folder, 'new/company'));
    expect(await repository.state()).toEqual({
      branch: 'refs/heads/main',
      head: undefined,
      operation: undefined,
    });
  });

  it('leaves one that is there as it is', async () => {
    const sandbox = GitSandbox.create({ 'a.md': 'a\n' });
    sandbox.git('switch', '-q', '-c', 'trunk');
    const before = sandbox.fingerprint();
    expect((await (await initRepository(sandbox.root)).state()).branch).toBe('refs/heads/trunk');
    expect(sandbox.fingerprint()).toEqual(before);
    sandbox.dispose();
  });

  it('makes none inside another', async () => {
    new GitSandbox(folder).git('init', '-q');
    await expect(initRepository(join(folder, 'inside'))).rejects.toMatchObject({
      failure: { code: 'git.not-a-repository', remedy: expect.stringContaining('git init') },
    });
  });
});

describe('the first commit', () => {
  const operator = { name: 'Olive Operator', email: 'olive@studio.example' };

  it('holds the given files alone and leaves the rest as it is', async () => {
    const sandbox = GitSandbox.create();
    for (const path of ['AGENTS.md', 'memory/a.md', 'staged.md', 'untracked.md'])
      sandbox.write(path, `${path}\n`);
    sandbox.write('run.sh', 'true\n', 0o755);
    sandbox.git('add', 'staged.md');
    const paths = ['AGENTS.md', 'memory/a.md', 'run.sh'];
    const commit = await commitFirst(sandbox.root, { paths, message: 'Create the company', operator });
    expect(sandbox.head()).toBe(commit);
    expect(sandbox.git('log', '-1', '--format=%an <%ae> %s')).toBe(
      'Olive Operator <olive@studio.example> Create the company',
    );
    expect(Object.keys(sandbox.files('HEAD'))).toEqual(paths);
    expect(sandbox.git('ls-tree', 'HEAD', 'run.sh')).toMatch(/^100755 /);
    expect(sandbox.git('status', '--porcelain')).toBe('A  staged.md\n?? untracked.md');
    sandbox.dispose();
  });

  it('is refused where there is one', async () => {
    const sandbox = GitSandbox.create({ 'a.md': 'a\n' });
    const again = commitFirst(sandbox.root, { paths: ['a.md'], message: 'Again', operator });
    await expect(again).rejects.toMatchObject({ failure: { code: 'git.moved' } });
    sandbox.dispose();
  });
});
