import type { FileChange } from '../../contracts/proposal.ts';
import type { GitContext } from './git-context.ts';
import type { TreeEntry } from './tree-reader.ts';

/** A path whose entry differs between two trees; nothing on the side where it does not exist. */
export interface TreeChange {
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
  /** Git's letter: A, M, D, T (another kind), U (unmerged), R (renamed). */
  readonly letter: string;
  /** The path before, for a rename. */
  readonly from?: string | undefined;
}

const diffTree = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-ext-diff', '--no-textconv'] as const;
const kinds: Readonly<Record<string, FileChange['kind']>> = { A: 'added', D: 'deleted', R: 'renamed' };

/** Each file that differs between two commits or trees. Renames are a removal and an addition. */
export async function treeChanges(
  context: GitContext,
  from: string,
  to: string,
): Promise<readonly TreeChange[]> {
  return parseRawDiff(await context.git.text([...diffTree, '--no-renames', from, to])).changes;
}

/** Each file that differs between a commit and the index; `after` is the index's side. */
export async function indexChanges(
  context: GitContext,
  commit: string,
): Promise<ReadonlyMap<string, TreeChange>> {
  const output = await context.git.text([
    'diff-index',
    '--cached',
    '-z',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    commit,
  ]);
  return new Map(parseRawDiff(output).changes.map((change) => [change.path, change]));
}

/** What a person is shown of the difference between two commits: renames, and lines added and removed. */
export async function fileChanges(
  context: GitContext,
  from: string,
  to: string,
): Promise<readonly FileChange[]> {
  const { changes, rest } = parseRawDiff(await context.git.text([...diffTree, '-M', '--numstat', from, to]));
  const counts = parseNumstat(rest);
  return changes.map((change) => ({
    path: change.path,
    ...(change.from === undefined ? {} : { from: change.from }),
    kind: kinds[change.letter] ?? 'modified',
    ...(counts.get(change.path) ?? { added: 0, removed: 0, binary: false }),
  }));
}

/** `:mode mode oid oid letter`, then the path, and for a rename the new path. */
function parseRawDiff(output: string): { changes: TreeChange[]; rest: string[] } {
  const tokens = output.split('\0');
  const changes: TreeChange[] = [];
  let at = 0;
  for (; tokens[at]?.startsWith(':'); at += 1) {
    const [modeBefore = '', modeAfter = '', before = '', after = '', status = ''] =
      tokens[at]?.slice(1).split(' ') ?? [];
    const letter = status.charAt(0);
    const path = tokens[(at += 1)] ?? '';
    const to = letter === 'R' ? tokens[(at += 1)] : undefined;
    changes.push({
      path: to ?? path,
      ...(to === undefined ? {} : { from: path }),
      before: entryOf(modeBefore, before),
      after: entryOf(modeAfter, after),
      letter,
    });
  }
  return { changes, rest: tokens.slice(at) };
}

function entryOf(mode: string, oid: string): TreeEntry | undefined {
  return mode === '000000' ? undefined : { mode, oid };
}

/** `added removed path`, separated by tabs; a rename has an empty path, then both paths. `-` is binary. */
function parseNumstat(
  tokens: readonly string[],
): Map<string, Pick<FileChange, 'added' | 'removed' | 'binary'>> {
  const counts = new Map<string, Pick<FileChange, 'added' | 'removed' | 'binary'>>();
  for (let at = 0; at < tokens.length; at += 1) {
    const [, added, removed, inline] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(tokens[at] ?? '') ?? [];
    if (added === undefined || removed === undefined) continue;
    const path = inline || (tokens[(at += 2)] ?? '');
    counts.set(path, {
      added: added === '-' ? 0 : Number(added),
      removed: removed === '-' ? 0 : Number(removed),
      binary: added === '-',
    });
  }
  return counts;
}
