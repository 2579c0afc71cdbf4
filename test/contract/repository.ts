import { afterEach, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/base/failure.ts';
import { limits } from '../../src/base/limits.ts';
import type { FileEdit, PreparedApply, Proposed, Repository } from '../../src/contracts/repository.ts';

/** A repository, and the hands of its operator. */
export interface RepositoryUnderTest {
  readonly repository: Repository;
  write(path: string, content: string): void;
  remove(path: string): void;
  read(path: string): string | undefined;
  stage(path: string): void;
  /** Commits everything. */
  commit(message: string): string;
  /** All that belongs to the operator (HEAD, branches, index, work tree), to be compared. */
  own(): unknown;
  /** The paths with changes that are not committed. */
  uncommitted(): readonly string[];
  close(): void;
}

type Files = Readonly<Record<string, string>>;
type Open = (files: Files) => Promise<RepositoryUnderTest>;

const agent = { name: 'Executor', email: 'executor@agents.example' };
const run = '20260105-content-loop-ab12';
const lines = (...changed: readonly [number, string][]) => {
  const text = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
  for (const [line, content] of changed) text[line - 1] = content;
  return `${text.join('\n')}\n`;
};

const start: Files = {
  'AGENTS.md': '# House rules\n',
  'briefs/spring.md': lines(),
  'memory/customers/ada.md': 'Ada likes blue.\n',
};

/** What every repository has to do. */
export function describeRepository(name: string, open: Open): void {
  describe(`a repository (${name})`, () => {
    const opened: RepositoryUnderTest[] = [];
    const at = async (files: Files = start) => {
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

interface Asked {
  readonly n?: number;
  readonly version?: number;
  readonly base?: string;
  readonly message?: string;
}

async function proposeOn(
  repository: Repository,
  edits: readonly FileEdit[],
  asked: Asked = {},
): Promise<Proposed> {
  return repository.propose({
    run,
    n: 1,
    version: 1,
    base: await repository.head(),
    author: agent,
    message: 'Draft the post',
    ...asked,
    edits,
  });
}

/** Prepares a proposal made on HEAD as it is now. */
async function prepare(repository: Repository, edits: readonly FileEdit[], message = 'Draft the post') {
  const base = await repository.head();
  const { commit } = await proposeOn(repository, edits);
  return () => repository.prepareApply({ commit, base, message, author: agent });
}

async function apply(
  repository: Repository,
  edits: readonly FileEdit[],
  message?: string,
): Promise<PreparedApply> {
  const prepared = await (await prepare(repository, edits, message))();
  await repository.completeApply(prepared);
  return prepared;
}

async function textAt(repository: Repository, commit: string, path: string): Promise<string | undefined> {
  const bytes = await repository.read(commit, path);
  return bytes && Buffer.from(bytes).toString('utf8');
}

function failure(code: FailureCode, message?: RegExp) {
  return { failure: { code, ...(message ? { message: expect.stringMatching(message) } : {}) } };
}

function describeReading(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
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

function describeProposals(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
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

function describeRefusals(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
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

function describeApplying(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
  it('changes nothing of the operator’s while it is prepared, then branch, files and index', async () => {
    const { repository, own, read, uncommitted } = await at();
    const head = await repository.head();
    const before = own();
    const prepared = await (
      await prepare(repository, [
        { path: 'drafts/deep/post.md', content: 'post\n' },
        { path: 'briefs/spring.md', content: lines([3, 'third']) },
        { path: 'memory/customers/ada.md', deleted: true },
      ])
    )();
    expect(own()).toEqual(before);
    expect(prepared).toMatchObject({
      head,
      branch: 'refs/heads/main',
      paths: ['briefs/spring.md', 'drafts/deep/post.md', 'memory/customers/ada.md'],
    });

    await repository.completeApply(prepared);
    expect(await repository.head()).toBe(prepared.commit);
    expect(read('drafts/deep/post.md')).toBe('post\n');
    expect(read('briefs/spring.md')).toBe(lines([3, 'third']));
    expect(read('memory/customers/ada.md')).toBeUndefined();
    expect(uncommitted()).toEqual([]);
  });

  it('merges with what the operator has committed since', async () => {
    const { repository, write, commit, read, uncommitted } = await at();
    const again = await prepare(repository, [{ path: 'briefs/spring.md', content: lines([2, 'theirs']) }]);
    write('briefs/spring.md', lines([10, 'ours']));
    write('other.md', 'mine\n');
    commit('Meanwhile');
    await repository.completeApply(await again());
    expect(read('briefs/spring.md')).toBe(lines([2, 'theirs'], [10, 'ours']));
    expect(read('other.md')).toBe('mine\n');
    expect(uncommitted()).toEqual([]);
  });

  it('names the files of a conflict and touches nothing', async () => {
    const { repository, write, commit, own } = await at();
    const again = await prepare(repository, [{ path: 'briefs/spring.md', content: lines([2, 'theirs']) }]);
    write('briefs/spring.md', lines([2, 'ours']));
    commit('Meanwhile');
    const before = own();
    await expect(again()).rejects.toMatchObject(failure('apply.conflict', /briefs\/spring\.md/));
    expect(own()).toEqual(before);
  });

  it('says so when the branch has it all already', async () => {
    const { repository, write, commit } = await at();
    const again = await prepare(repository, [{ path: 'a.md', content: 'a\n' }]);
    write('a.md', 'a\n');
    commit('The same by hand');
    await expect(again()).rejects.toMatchObject(failure('proposal.empty'));
  });

  it('does not move a branch that has moved on', async () => {
    const { repository, write, commit, own } = await at();
    const prepared = await (await prepare(repository, [{ path: 'a.md', content: 'a\n' }]))();
    write('b.md', 'b\n');
    commit('Meanwhile');
    const before = own();
    await expect(repository.completeApply(prepared)).rejects.toMatchObject(failure('git.moved'));
    expect(own()).toEqual(before);
  });

  it('may be completed twice', async () => {
    const { repository, own } = await at();
    const prepared = await apply(repository, [{ path: 'a.md', content: 'a\n' }]);
    const before = own();
    await repository.completeApply(prepared);
    expect(own()).toEqual(before);
  });
}

function describeClashes(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
  const edit = { path: 'briefs/spring.md', content: lines([3, 'agent']) };

  it.each<[string, (under: RepositoryUnderTest) => void]>([
    ['edited', ({ write }) => write('briefs/spring.md', lines([9, 'mine']))],
    ['deleted', ({ remove }) => remove('briefs/spring.md')],
    [
      'staged and then put back on disk',
      ({ write, stage }) => {
        write('briefs/spring.md', lines([9, 'mine']));
        stage('briefs/spring.md');
        write('briefs/spring.md', lines());
      },
    ],
  ])('refuses a file that the operator has %s, and touches nothing', async (_, meanwhile) => {
    const under = await at();
    const again = await prepare(under.repository, [edit]);
    meanwhile(under);
    const before = under.own();
    await expect(again()).rejects.toMatchObject(failure('apply.edited', /briefs\/spring\.md/));
    expect(under.own()).toEqual(before);
  });

  it('refuses a new file where the operator has one that git does not know', async () => {
    const { repository, write, own } = await at();
    const again = await prepare(repository, [{ path: 'drafts/a.md', content: 'agent\n' }]);
    write('drafts/a.md', 'mine\n');
    const before = own();
    await expect(again()).rejects.toMatchObject(failure('apply.edited', /drafts\/a\.md/));
    expect(own()).toEqual(before);
  });

  it('refuses a folder where the operator has a file, and a file where there is a folder', async () => {
    const { repository, write } = await at();
    const below = await prepare(repository, [{ path: 'drafts/a.md', content: 'agent\n' }]);
    const above = await prepare(repository, [{ path: 'notes', content: 'agent\n' }]);
    write('drafts', 'a file\n');
    write('notes/mine.md', 'mine\n');
    await expect(below()).rejects.toMatchObject(failure('apply.edited'));
    await expect(above()).rejects.toMatchObject(failure('apply.edited'));
  });

  it('refuses what was edited between preparing and completing', async () => {
    const { repository, write, own } = await at();
    const prepared = await (await prepare(repository, [edit]))();
    write('briefs/spring.md', 'mine\n');
    const before = own();
    await expect(repository.completeApply(prepared)).rejects.toMatchObject(failure('apply.edited'));
    expect(own()).toEqual(before);
  });

  it('leaves edits, staged files and new files elsewhere as they are', async () => {
    const { repository, write, stage, remove, read, uncommitted } = await at();
    write('AGENTS.md', 'staged\n');
    stage('AGENTS.md');
    write('AGENTS.md', 'edited after staging\n');
    write('untracked.md', 'new\n');
    remove('memory/customers/ada.md');
    const before = uncommitted();
    await apply(repository, [edit]);
    expect(uncommitted()).toEqual(before);
    expect(read('AGENTS.md')).toBe('edited after staging\n');
    expect(read('untracked.md')).toBe('new\n');
    expect(read('memory/customers/ada.md')).toBeUndefined();
    expect(read(edit.path)).toBe(edit.content);
  });
}

function describeRecovery(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
  it('finds that nothing was applied, and touches nothing', async () => {
    const { repository, own } = await at();
    const prepared = await (await prepare(repository, [{ path: 'a.md', content: 'a\n' }]))();
    const before = own();
    expect(await repository.recoverApply(prepared)).toBe(false);
    expect(own()).toEqual(before);
  });

  it('finds that all was applied, however often it is asked', async () => {
    const { repository, own } = await at();
    const prepared = await apply(repository, [{ path: 'a.md', content: 'a\n' }]);
    const before = own();
    expect(await repository.recoverApply(prepared)).toBe(true);
    expect(await repository.recoverApply(prepared)).toBe(true);
    expect(own()).toEqual(before);
  });

  it('leaves alone what the operator has committed or edited since', async () => {
    const { repository, write, commit, read, own } = await at();
    const prepared = await apply(repository, [
      { path: 'a.md', content: 'a\n' },
      { path: 'briefs/spring.md', content: lines([3, 'agent']) },
    ]);
    write('briefs/spring.md', lines());
    commit('Taken back by hand');
    write('a.md', 'mine\n');
    const before = own();
    expect(await repository.recoverApply(prepared)).toBe(true);
    expect(own()).toEqual(before);
    expect(read('briefs/spring.md')).toBe(lines());
  });
}

function describeUndoing(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
  const edits: FileEdit[] = [
    { path: 'drafts/a.md', content: 'a\n' },
    { path: 'briefs/spring.md', content: lines([3, 'agent']) },
    { path: 'memory/customers/ada.md', deleted: true },
  ];

  it('gives the edits that restore every file', async () => {
    const { repository } = await at();
    const head = await repository.head();
    const first = await apply(repository, edits);
    const second = await apply(repository, [{ path: 'drafts/a.md', content: 'a, revised\n' }]);
    await apply(repository, await repository.inverse([second.commit, first.commit]));
    expect(await repository.changes(head, await repository.head())).toEqual([]);
  });

  it('keeps what the operator has done since', async () => {
    const { repository, write, commit, read } = await at();
    const applied = await apply(repository, edits);
    write('briefs/spring.md', lines([3, 'agent'], [11, 'mine']));
    commit('Mine');
    await apply(repository, await repository.inverse([applied.commit]));
    expect(read('briefs/spring.md')).toBe(lines([11, 'mine']));
    expect(read('memory/customers/ada.md')).toBe(start['memory/customers/ada.md']);
  });

  it('names the files where later edits overlap', async () => {
    const { repository, write, commit, own } = await at();
    const applied = await apply(repository, edits);
    write('briefs/spring.md', lines([3, 'mine']));
    commit('Mine');
    const before = own();
    const undo = repository.inverse([applied.commit]);
    await expect(undo).rejects.toMatchObject(failure('apply.conflict', /Later edits.*briefs\/spring\.md/));
    expect(own()).toEqual(before);
  });

  it('undoes a first commit', async () => {
    const { repository } = await at();
    const edits = await repository.inverse([await repository.head()]);
    expect(edits.map(({ path }) => path).sort()).toEqual(Object.keys(start).sort());
    expect(edits.every((edit) => 'deleted' in edit)).toBe(true);
  });
}

function describeHistory(at: (files?: Files) => Promise<RepositoryUnderTest>): void {
  const message = (title: string, of: string) =>
    `${title}\n\nWhy it was done.\n\nCairn-Run: ${of}\nCairn-Step: draft\n`;

  it('finds commits by trailer, newest first', async () => {
    const { repository } = await at();
    const first = await apply(repository, [{ path: 'a.md', content: '1\n' }], message('One', run));
    await apply(repository, [{ path: 'a.md', content: '2\n' }], message('Two', `${run}x`));
    const third = await apply(repository, [{ path: 'a.md', content: '3\n' }], message('Three', run));
    const found = await repository.withTrailer('Cairn-Run', run);
    expect(found.map(({ commit, subject }) => [commit, subject])).toEqual([
      [third.commit, 'Three'],
      [first.commit, 'One'],
    ]);
    expect(found[0]?.body).toBe(`Why it was done.\n\nCairn-Run: ${run}\nCairn-Step: draft`);
    expect(Math.abs((found[0]?.atMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('does not take words in the text for a trailer', async () => {
    const { repository, write, commit } = await at();
    write('a.md', 'a\n');
    commit(`Talk about Cairn-Run: ${run} in passing\n\nCairn-Run: ${run}\n\nand more text after it.\n`);
    expect(await repository.withTrailer('Cairn-Run', run)).toEqual([]);
  });
}
