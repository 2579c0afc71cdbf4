import { createHash } from 'node:crypto';
import { gitFailures } from '../../base/failures/git.ts';
import type { GitContext } from './git-context.ts';
import { indexChanges, type TreeChange, treeChanges } from './tree-changes.ts';
import { isFile, type TreeEntry } from './tree-reader.ts';
import { readWorkFile, type WorkFile } from './work-file.ts';

/** A file that applying a proposal changes, with what is there before and after. */
export interface TouchedFile {
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
}

/** What the work tree or the index shows of a touched file. `neither` is the operator's own work. */
export type Side = 'before' | 'after' | 'neither';

/** The files that differ between two commits or trees, removals first. Throws `path.protected` for links. */
export async function touchedFiles(
  context: GitContext,
  from: string,
  to: string,
): Promise<readonly TouchedFile[]> {
  const changes = await treeChanges(context, from, to);
  for (const { path, before, after } of changes) {
    if ([before, after].some((entry) => entry && !isFile(entry))) {
      throw gitFailures.protectedPath(path, 'it is a link or a submodule');
    }
  }
  const removed = changes.filter(({ after }) => after === undefined);
  const written = changes.filter(({ after }) => after !== undefined);
  return [...removed, ...written];
}

/** Throws `apply.edited` when the operator has work, staged or not, in a touched file or in its way. */
export async function requireUnedited(
  context: GitContext,
  head: string,
  touched: readonly TouchedFile[],
): Promise<void> {
  const staged = await indexChanges(context, head);
  const edited: string[] = [];
  for (const file of touched) {
    const work = await readWorkFile(context.root, file.path);
    const inTheWay = [...staged.values()].some((change) => isNested(change, file));
    const sides = [workSide(context, file, work), indexSide(file, staged.get(file.path), 'before')];
    if (inTheWay || sides.includes('neither')) edited.push(file.path);
  }
  if (edited.length > 0) throw gitFailures.edited(edited.sort());
}

export function workSide(context: GitContext, file: TouchedFile, work: WorkFile): Side {
  switch (work.is) {
    case 'missing':
      return sideOf(file, undefined);
    case 'other':
      return 'neither';
    case 'file':
      if (holds(context, work.content, file.after)) return 'after';
      return holds(context, work.content, file.before) ? 'before' : 'neither';
  }
}

/** `change` is how the index differs at that path from the commit that has `reference`; nothing if it does not. */
export function indexSide(
  file: TouchedFile,
  change: TreeChange | undefined,
  reference: 'before' | 'after',
): Side {
  if (change === undefined) return reference;
  return change.letter === 'U' ? 'neither' : sideOf(file, change.after);
}

export function isSameEntry(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

/** Whether a text has Windows line endings where git's has plain ones. */
export function hasWindowsLines(context: GitContext, content: Buffer, entry: TreeEntry): boolean {
  return content.includes('\r\n') && blobId(context, content) !== entry.oid;
}

export function withWindowsLines(content: Buffer): Buffer {
  return Buffer.from(withPlainLines(content).toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

function sideOf(file: TouchedFile, entry: TreeEntry | undefined): Side {
  if (isSameEntry(entry, file.after)) return 'after';
  return isSameEntry(entry, file.before) ? 'before' : 'neither';
}

/**
 * Whether a file's bytes are those of the entry, perhaps with Windows line endings, as git writes them
 * there. Compared without git, because git would run the operator's filters for it (promise P8).
 */
function holds(context: GitContext, content: Buffer, entry: TreeEntry | undefined): boolean {
  if (entry === undefined) return false;
  if (blobId(context, content) === entry.oid) return true;
  return content.includes('\r\n') && blobId(context, withPlainLines(content)) === entry.oid;
}

function blobId(context: GitContext, content: Buffer): string {
  return createHash(context.layout.objectFormat)
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
}

function withPlainLines(content: Buffer): Buffer {
  return Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** Whether something staged is a folder where a file is to be written, or a file where its folder is. */
function isNested(change: TreeChange, file: TouchedFile): boolean {
  if (change.after === undefined || file.after === undefined) return false;
  return change.path.startsWith(`${file.path}/`) || file.path.startsWith(`${change.path}/`);
}
