import { expect, it } from 'vitest';
import type { FileEdit } from '../../src/contracts/repository.ts';
import {
  apply,
  type At,
  failure,
  lines,
  prepare,
  type RepositoryUnderTest,
  run,
  start,
} from './repository-under-test.ts';

export function describeApplying(at: At): void {
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

export function describeClashes(at: At): void {
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

export function describeRecovery(at: At): void {
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

export function describeUndoing(at: At): void {
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

export function describeHistory(at: At): void {
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
