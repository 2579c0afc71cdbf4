import { afterEach, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/base/failure.ts';
import { limits } from '../../src/base/limits.ts';
import type { FileEdit } from '../../src/contracts/repository.ts';
import {
  describeApplying,
  describeClashes,
  describeHistory,
  describeRecovery,
  describeUndoing,
} from './repository-applying.ts';
import {
  type At,
  failure,
  lines,
  type Open,
  proposeOn,
  type RepositoryUnderTest,
  run,
  start,
  textAt,
} from './repository-under-test.ts';

/** What every repository has to do. */
export function describeRepository(name: string, open: Open): void {
  describe(`a repository (${name})`, { timeout: 30_000 }, () => {
    const opened: RepositoryUnderTest[] = [];
    const at: At = async (files = start) => {
      const under = await open(files);
      opened.push(under);
      return under;
    };
    afterEach(() => {
      for (const under of opened.splice(0)) under.close();
    });

    describe('as it is', () => describeReading(at));
    describe('its proposals', () => describeProposals(at));
    describe('what it refuses to propose', () => describeRefusals(at));
    describe('applying', () => describeApplying(at));
    describe('applying beside the operator’s own work', () => describeClashes(at));
    describe('applying after a crash', () => describeRecovery(at));
    describe('undoing', () => describeUndoing(at));
    describe('its history', () => describeHistory(at));
  });
}

function describeReading(at: At): void {
  it('tells branch, head and operator', async () => {
    const { repository } = await at();
    const head = await repository.head();
    expect(await repository.state()).toEqual({ branch: 'refs/heads/main', head, operation: undefined });
    expect(await repository.operator()).toEqual({ name: 'Olive Operator', email: 'olive@studio.example' });
  });

  it('has no head before the first commit, and says what to do', async () => {
    const { repository } = await at({});
    expect(await repository.state()).toMatchObject({ branch: 'refs/heads/main', head: undefined });
    await expect(repository.head()).rejects.toMatchObject(failure('git.no-commit'));
    expect(await repository.withTrailer('Cairn-Run', run)).toEqual([]);
  });

  it('reads a file as it is at a commit, whatever the work tree shows', async () => {
    const { repository, write } = await at();
    const head = await repository.head();
    write('AGENTS.md', 'not committed\n');
    expect(await textAt(repository, head, 'AGENTS.md')).toBe('# House rules\n');
    expect(await textAt(repository, head, 'memory/customers/ada.md')).toBe('Ada likes blue.\n');
  });

  it('finds nothing at a missing path, at a folder, and below a file', async () => {
    const { repository } = await at();
    const head = await repository.head();
    for (const path of ['nowhere.md', 'memory', 'AGENTS.md/deeper.md']) {
      expect(await repository.read(head, path)).toBeUndefined();
    }
  });

  it('lists the files that match, those with a leading dot too', async () => {
    const { repository } = await at({ ...start, '.cairn/policy.yaml': 'rules: []\n' });
    const head = await repository.head();
    expect(await repository.list(head, ['memory/**/*.md', 'briefs/*'])).toEqual([
      'briefs/spring.md',
      'memory/customers/ada.md',
    ]);
    expect(await repository.list(head, ['**/*.yaml'])).toEqual(['.cairn/policy.yaml']);
    expect(await repository.list(head, [])).toEqual([]);
  });

  it('names a commit that it does not have', async () => {
    const { repository } = await at();
    const unknown = repository.read('0123456789012345678901234567890123456789', 'AGENTS.md');
    await expect(unknown).rejects.toMatchObject(failure('git.failed', /0123456789/));
  });
}

function describeProposals(at: At): void {
  it('makes a commit on the base with the edits, and touches nothing of the operator’s (P1)', async () => {
    const { repository, own, write, stage } = await at();
    write('AGENTS.md', 'edited\n');
    write('staged.md', 'staged\n');
    stage('staged.md');
    const before = own();
    const head = await repository.head();
    const { commit, files } = await proposeOn(repository, [
      { path: 'drafts/post.md', content: 'one\ntwo\n' },
      { path: 'briefs/spring.md', content: lines([2, 'changed']) },
      { path: 'memory/customers/ada.md', deleted: true },
    ]);
    expect(files).toEqual([
      { path: 'briefs/spring.md', kind: 'modified', added: 1, removed: 1, binary: false },
      { path: 'drafts/post.md', kind: 'added', added: 2, removed: 0, binary: false },
      { path: 'memory/customers/ada.md', kind: 'deleted', added: 0, removed: 1, binary: false },
    ]);
    expect(await repository.changes(head, commit)).toEqual(files);
    expect(await textAt(repository, commit, 'drafts/post.md')).toBe('one\ntwo\n');
    expect(await textAt(repository, commit, 'AGENTS.md')).toBe('# House rules\n');
    expect(own()).toEqual(before);
  });

  it('gives the same commit for the same request, and another for another message', async () => {
    const { repository } = await at();
    const edits: FileEdit[] = [{ path: 'a.md', content: 'a\n' }];
    const first = await proposeOn(repository, edits);
    expect(await proposeOn(repository, edits)).toEqual(first);
    expect((await proposeOn(repository, edits, { message: 'Otherwise' })).commit).not.toBe(first.commit);
  });

  it('knows a version as another run’s as well, and touches nothing of the operator’s', async () => {
    const { repository, own } = await at();
    const first = await proposeOn(repository, [{ path: 'a.md', content: 'a\n' }]);
    const before = own();
    const other = `${run}-fork`;
    await repository.adopt(other, [{ n: 1, version: 1, commit: first.commit }]);
    await repository.adopt(other, []);
    const unknown = { n: 2, version: 1, commit: '0123456789'.repeat(4) };
    await expect(repository.adopt(other, [unknown])).rejects.toMatchObject(failure('git.failed'));
    await expect(repository.adopt('../up', [])).rejects.toMatchObject(failure('input.invalid'));
    expect(await textAt(repository, first.commit, 'a.md')).toBe('a\n');
    expect(own()).toEqual(before);
  });

  it('builds on a proposal that is not applied yet', async () => {
    const { repository } = await at();
    const first = await proposeOn(repository, [{ path: 'a.md', content: 'a\n' }]);
    const second = await proposeOn(repository, [{ path: 'b.md', content: 'b\n' }], {
      n: 2,
      base: first.commit,
    });
    expect(second.files.map(({ path }) => path)).toEqual(['b.md']);
    expect(await textAt(repository, second.commit, 'a.md')).toBe('a\n');
  });

  it('keeps odd names and binary bytes as they are', async () => {
    const { repository } = await at();
    const paths = [
      'a "quoted" name.md',
      'tab\tand\nline.md',
      'ünïcödé/日本 📝.md',
      ' blank ends ',
      '-dash',
      ':(top)x',
    ];
    const content = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const { commit, files } = await proposeOn(
      repository,
      paths.map((path) => ({ path, content })),
    );
    expect(files.map(({ path }) => path).sort()).toEqual([...paths].sort());
    expect(files.every(({ binary }) => binary)).toBe(true);
    for (const path of paths)
      expect(Buffer.from((await repository.read(commit, path)) ?? [])).toEqual(Buffer.from(content));
    expect([...(await repository.list(commit, ['**']))].sort()).toEqual(
      [...paths, ...Object.keys(start)].sort(),
    );
  });

  it('tells a rename from a removal and an addition', async () => {
    const { repository } = await at();
    const { files } = await proposeOn(repository, [
      { path: 'briefs/spring.md', deleted: true },
      { path: 'briefs/summer.md', content: lines([1, 'first']) },
    ]);
    expect(files).toEqual([
      {
        path: 'briefs/summer.md',
        from: 'briefs/spring.md',
        kind: 'renamed',
        added: 1,
        removed: 1,
        binary: false,
      },
    ]);
  });
}

function describeRefusals(at: At): void {
  const content = 'x\n';

  it.each<[FailureCode, string]>([
    ['path.outside', '../outside.md'],
    ['path.outside', 'drafts/../../outside.md'],
    ['path.outside', '/etc/passwd'],
    ['path.outside', 'C:/Windows/system.ini'],
    ['path.outside', '..\\outside.md'],
    ['path.outside', 'nul\0byte'],
    ['path.outside', '.'],
    ['path.protected', '.git/config'],
    ['path.protected', 'deeper/.GIT/hooks/pre-commit'],
    ['path.protected', '.g\u200cit/config'],
    ['path.protected', 'git~1/config'],
    ['path.protected', 'AGENTS.md/below-a-file.md'],
    ['path.protected', 'memory'],
  ])('%s: %j', async (code, path) => {
    const { repository, own } = await at();
    const before = own();
    await expect(proposeOn(repository, [{ path, content }])).rejects.toMatchObject(failure(code));
    expect(own()).toEqual(before);
  });

  it('a proposal that changes nothing', async () => {
    const { repository } = await at();
    const same = proposeOn(repository, [{ path: 'AGENTS.md', content: '# House rules\n' }]);
    await expect(same).rejects.toMatchObject(failure('proposal.empty'));
  });

  it('the same path twice, in whatever spelling', async () => {
    const { repository } = await at();
    const twice = ['drafts/a.md', './drafts//a.md'].map((path) => ({ path, content }));
    await expect(proposeOn(repository, twice)).rejects.toMatchObject(
      failure('input.invalid', /drafts\/a\.md/),
    );
  });

  it('a path that is a file and a folder at once', async () => {
    const { repository } = await at();
    const both = ['a/b', 'a'].map((path) => ({ path, content }));
    await expect(proposeOn(repository, both)).rejects.toMatchObject(failure('path.protected'));
  });

  it('a file that is too large, and too many files', async () => {
    const { repository } = await at();
    const large = [{ path: 'a.md', content: 'x'.repeat(limits.proposalFileBytes + 1) }];
    await expect(proposeOn(repository, large)).rejects.toMatchObject(failure('file.too-large'));
    const many = Array.from({ length: limits.proposalFiles + 1 }, (_, at) => ({ path: `${at}.md`, content }));
    await expect(proposeOn(repository, many)).rejects.toMatchObject(failure('limit.reached'));
  });
}
