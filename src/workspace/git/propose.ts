import { gitFailures } from '../../base/failures/git.ts';
import { limits } from '../../base/limits.ts';
import type { FileEdit, ProposeRequest, Proposed } from '../../contracts/repository.ts';
import { companyPath } from '../company-path.ts';
import { dateOf } from './commit-history.ts';
import { importCommit, type ImportedFile } from './fast-import.ts';
import type { GitContext } from './git-context.ts';
import { keepVersion, requireUsableRun } from './proposal-refs.ts';
import { fileChanges } from './tree-changes.ts';
import { isFile, isFolder, type TreeEntry } from './tree-reader.ts';

/** Makes a version's commit and refs; neither HEAD, index nor work tree is read or written (promise P1). */
export async function propose(context: GitContext, request: ProposeRequest): Promise<Proposed> {
  requireUsableRun(request.run);
  const base = await context.objects.commit(request.base);
  const commit = await importCommit(context, {
    parent: base,
    files: await checkedFiles(context, base, request.edits),
    author: request.author,
    message: request.message,
    atSeconds: Math.floor((request.atMs ?? (await dateOf(context, base))) / 1000),
  });
  const files = await fileChanges(context, base, commit);
  if (files.length === 0) throw gitFailures.nothingProposed();
  await keepVersion(context, request, commit);
  return { commit, files };
}

async function checkedFiles(
  context: GitContext,
  base: string,
  edits: readonly FileEdit[],
): Promise<readonly ImportedFile[]> {
  if (edits.length > limits.proposalFiles) throw gitFailures.tooManyFiles(edits.length, limits.proposalFiles);
  const tree = await context.objects.treeOf(base);
  const paths = new Set<string>();
  const files: ImportedFile[] = [];
  for (const edit of edits) {
    const path = companyPath(edit.path);
    if (paths.has(path)) throw gitFailures.pathTwice(path);
    paths.add(path);
    files.push(importedFile(path, edit, await replaceable(context, tree, path)));
  }
  requireNoFileAsFolder(paths);
  return files;
}

/** The file at a path of the base, if any. Throws when something else is there, or on the way there. */
async function replaceable(context: GitContext, tree: string, path: string): Promise<TreeEntry | undefined> {
  const parts = path.split('/');
  const trail = await context.trees.trail(tree, path);
  const folders = trail.slice(0, parts.length - 1);
  if (!folders.every(isFolder))
    throw gitFailures.protectedPath(path, 'a folder on the way is a file or a link');
  const entry = trail[parts.length - 1];
  if (entry === undefined) return undefined;
  if (!isFile(entry)) throw gitFailures.protectedPath(path, 'it is a folder, a link or a submodule');
  const bytes = (await context.objects.head(entry.oid))?.bytes ?? 0;
  if (bytes > limits.proposalFileBytes) throw gitFailures.tooLarge(path, bytes, limits.proposalFileBytes);
  return entry;
}

function importedFile(path: string, edit: FileEdit, before: TreeEntry | undefined): ImportedFile {
  if ('deleted' in edit) return { path, deleted: true };
  const content = Buffer.from(edit.content);
  if (content.length > limits.proposalFileBytes) {
    throw gitFailures.tooLarge(path, content.length, limits.proposalFileBytes);
  }
  return { path, content, mode: before?.mode ?? (edit.executable ? '100755' : '100644') };
}

function requireNoFileAsFolder(paths: ReadonlySet<string>): void {
  for (const path of paths) {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length += 1) {
      const folder = parts.slice(0, length).join('/');
      if (paths.has(folder)) throw gitFailures.protectedPath(path, `“${folder}” is changed as a file`);
    }
  }
}
