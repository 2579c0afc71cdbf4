import { gitFailures } from '../../base/failures/git.ts';
import type { PreparedApply } from '../../contracts/repository.ts';
import { type GitContext, noObject } from './git-context.ts';
import { waitForIndex, withIndex } from './index-lock.ts';
import { withoutPrograms } from './program-settings.ts';
import { readState, requireTip } from './repository-state.ts';
import {
  hasWindowsLines,
  indexSide,
  isSameEntry,
  requireUnedited,
  type TouchedFile,
  touchedFiles,
  withWindowsLines,
  workSide,
} from './touched-files.ts';
import { indexChanges } from './tree-changes.ts';
import { clearTemporary, readWorkFile, removeWorkFile, writeWorkFile } from './work-file.ts';

/*
 * The order is: branch, files, index. The branch moves in one atomic step and decides whether the
 * proposal is applied; everything after it can be repeated, and is, by `recoverApply`. A file or an index
 * entry is brought along only while it shows what was there before, so the operator's edits win.
 */

/** Throws `git.moved`, `git.busy`, `git.detached` or `apply.edited`, all of them before anything is touched. */
export async function completeApply(context: GitContext, prepared: PreparedApply): Promise<void> {
  const touched = await touchedFiles(context, prepared.head, prepared.commit);
  const tip = await requireTip(context);
  if (tip.branch !== prepared.branch) throw gitFailures.moved(prepared.branch);
  if (tip.head !== prepared.commit) {
    if (tip.head !== prepared.head) throw gitFailures.moved(prepared.branch);
    await requireUnedited(context, prepared.head, touched);
    await waitForIndex(context);
    await moveBranch(context, prepared);
  }
  await bringAlong(context, prepared.commit, touched);
}

/**
 * Answers whether the branch holds the commit. If so, and if the branch is still checked out, files and
 * index are brought along where later commits have not changed them again.
 */
export async function recoverApply(context: GitContext, prepared: PreparedApply): Promise<boolean> {
  if (!(await branchHolds(context, prepared))) return false;
  const { branch, head, operation } = await readState(context);
  if (branch !== prepared.branch || head === undefined) return true;
  if (operation) throw gitFailures.busy(operation);
  const tree = await context.objects.treeOf(head);
  const standing: TouchedFile[] = [];
  for (const file of await touchedFiles(context, prepared.head, prepared.commit)) {
    if (isSameEntry(await context.trees.entry(tree, file.path), file.after)) standing.push(file);
  }
  await bringAlong(context, head, standing);
  return true;
}

async function branchHolds(context: GitContext, { branch, commit }: PreparedApply): Promise<boolean> {
  const tip = await context.objects.head(`${branch}^{commit}`);
  if (tip === undefined || (await context.objects.head(commit)) === undefined) return false;
  const { exitCode } = await context.git.run(['merge-base', '--is-ancestor', commit, tip.oid], {
    answers: [1],
  });
  return exitCode === 0;
}

/** Compare and swap: the branch moves only from the head that was merged onto. */
async function moveBranch(context: GitContext, { branch, commit, head }: PreparedApply): Promise<void> {
  try {
    await context.git.run(['update-ref', '-m', 'cairn: apply proposal', branch, commit, head]);
  } catch (thrown) {
    const now = await readState(context);
    throw now.head === head ? thrown : gitFailures.moved(branch);
  }
}

/** `tip` is the commit checked out; it has every touched file as it is `after`. */
async function bringAlong(context: GitContext, tip: string, touched: readonly TouchedFile[]): Promise<void> {
  for (const file of touched) await bringFile(context, file);
  await bringIndex(context, tip, touched);
}

async function bringFile(context: GitContext, file: TouchedFile): Promise<void> {
  const { root, objects } = context;
  await clearTemporary(root, file.path);
  const work = await readWorkFile(root, file.path);
  const side = workSide(context, file, work);
  if (side === 'neither') return;
  if (file.after === undefined) return removeWorkFile(root, file.path);
  if (side === 'after') return;
  const content = await objects.content(file.after.oid);
  if (work.is !== 'file' || file.before === undefined) {
    const rights = { executable: file.after.mode === '100755' };
    return writeWorkFile(root, file.path, { content, rights });
  }
  const windows = hasWindowsLines(context, work.content, file.before);
  return writeWorkFile(root, file.path, {
    content: windows ? withWindowsLines(content) : content,
    rights: { keep: work.mode },
  });
}

/** Brings the index's entries along, those of the touched files alone. */
export async function bringIndex(
  context: GitContext,
  tip: string,
  touched: readonly TouchedFile[],
): Promise<void> {
  const changes = await indexChanges(context, tip);
  const lines = touched
    .filter((file) => indexSide(file, changes.get(file.path), 'after') === 'before')
    .map(({ path, after }) =>
      after ? `${after.mode} ${after.oid} 0\t${path}\0` : `0 ${noObject(context)}\t${path}\0`,
    );
  // Git compares files with the index when it writes it, and would run the operator's filters for that.
  const variables = await withoutPrograms(context);
  if (lines.length > 0) {
    const input = lines.join('');
    await withIndex(context, () =>
      context.git.run(['update-index', '-z', '--index-info'], { input, variables }),
    );
  }
  // Notes the files' times, so that git need not compare their content again.
  const stillEdited = 1;
  await withIndex(context, () =>
    context.git.run(['update-index', '-q', '--refresh'], { variables, answers: [stillEdited] }),
  );
}
