import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileEdit, Repository } from '../../contracts/repository.ts';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { openRepository } from './open-repository.ts';

/** What the operator is doing in a file while a proposal is under way. */
const works = ['nothing', 'edits', 'stages', 'stages, then edits', 'deletes', 'stages a deletion'] as const;
type Work = (typeof works)[number];

/** One path: what is committed, and what either the proposal or the operator does there. */
interface Fate {
  readonly path: string;
  readonly committed: string | undefined;
  readonly executable: boolean;
  readonly by:
    | { readonly is: 'proposal'; readonly content: string | undefined }
    | { readonly is: 'operator'; readonly work: Work };
}

const paths = [
  'a.md',
  'b "quoted".md',
  'c\nline.md',
  'notes/d.md',
  'notes/deep/e.md',
  'ünï/日本.md',
  '-dash',
  'z.sh',
];
const author = { name: 'Executor', email: 'executor@agents.example' };
const message = 'Draft the post';

const content = fc.oneof(
  fc.constantFrom(
    '',
    'one\n',
    'one\ntwo\n',
    'no line break at the end',
    'windows\r\nlines\r\n',
    '\0binary\xff',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const by: fc.Arbitrary<Fate['by']> = fc.oneof(
  fc.record({ is: fc.constant('proposal' as const), content: fc.option(content, { nil: undefined }) }),
  fc.record({ is: fc.constant('operator' as const), work: fc.constantFrom(...works) }),
);
const fates: fc.Arbitrary<readonly Fate[]> = fc
  .tuple(
    ...paths.map((path) =>
      fc.record({
        path: fc.constant(path),
        committed: fc.option(content, { nil: undefined }),
        executable: fc.boolean(),
        by,
      }),
    ),
  )
  .filter((all) => editsOf(all).length > 0);

/** The proposal's edits, those alone that change something. */
function editsOf(all: readonly Fate[]): FileEdit[] {
  return all.flatMap((fate): FileEdit[] => {
    if (fate.by.is === 'operator' || fate.by.content === fate.committed) return [];
    if (fate.by.content === undefined) return [{ path: fate.path, deleted: true }];
    return [{ path: fate.path, content: fate.by.content }];
  });
}

function work(sandbox: GitSandbox, { path, committed, by }: Fate): void {
  if (by.is === 'proposal' || by.work === 'nothing') return;
  const deletes = by.work.endsWith('deletes') || by.work.endsWith('deletion');
  if (deletes && committed === undefined) return;
  if (deletes) sandbox.remove(path);
  else sandbox.write(path, `mine, ${by.work}\n`);
  if (by.work.startsWith('stages')) sandbox.git('add', '--all', '--', path);
  if (by.work === 'stages, then edits') sandbox.write(path, 'mine, later\n');
}

/** What is not committed: each such path with its entries in HEAD and index, and its bytes on disk. */
function uncommitted(sandbox: GitSandbox): readonly string[] {
  const status = sandbox.git('status', '--porcelain=v2', '-z', '--no-renames', '--untracked-files=all');
  const entries = status.split('\0').filter((entry) => entry !== '');
  return entries.map((entry) => {
    const path = paths.find((candidate) => entry.endsWith(` ${candidate}`));
    return `${entry}: ${path === undefined ? 'not of the test' : sandbox.read(path)}`;
  });
}

async function apply(repository: Repository, n: number, edits: readonly FileEdit[], untouched: () => void) {
  const base = await repository.head();
  const { commit } = await repository.propose({ run: 'r', n, version: 1, base, edits, author, message });
  const prepared = await repository.prepareApply({ commit, base, message, author });
  untouched();
  await repository.completeApply(prepared);
  return prepared.commit;
}

async function check(sandbox: GitSandbox, all: readonly Fate[]): Promise<void> {
  sandbox.write('base.md', 'always there\n');
  for (const { path, committed, executable } of all) {
    if (committed !== undefined) sandbox.write(path, committed, executable ? 0o755 : 0o644);
  }
  sandbox.commit('Start');
  const tree = sandbox.git('rev-parse', 'HEAD^{tree}');
  const expected = new Map(Object.entries(sandbox.files('HEAD')));
  for (const fate of all) work(sandbox, fate);
  const repository = await openRepository(sandbox.root);
  const edits = editsOf(all);
  for (const edit of edits) {
    if ('deleted' in edit) expected.delete(edit.path);
    else expected.set(edit.path, Buffer.from(edit.content).toString('utf8'));
  }

  const mine = uncommitted(sandbox);
  const own = sandbox.fingerprint();
  const applied = await apply(repository, 1, edits, () => expect(sandbox.fingerprint()).toEqual(own));
  expect(new Map(Object.entries(sandbox.files('HEAD')))).toEqual(expected);
  expect(uncommitted(sandbox)).toEqual(mine);

  const inverse = await repository.inverse([applied]);
  await apply(repository, 2, inverse, () => expect(uncommitted(sandbox)).toEqual(mine));
  expect(sandbox.git('rev-parse', 'HEAD^{tree}')).toBe(tree);
  expect(uncommitted(sandbox)).toEqual(mine);
  expect(sandbox.git('fsck', '--strict', '--no-dangling')).toBe('');
}

describe('any proposal beside any work of the operator', () => {
  it('touches nothing until it is applied (P1), then its own files alone, and can be undone (P8)', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fates, async (all) => {
        const sandbox = GitSandbox.create();
        try {
          await check(sandbox, all);
        } finally {
          sandbox.dispose();
        }
      }),
      { numRuns: 20, interruptAfterTimeLimit: 60_000 },
    );
  });
});
