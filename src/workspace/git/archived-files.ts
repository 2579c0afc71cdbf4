import { runFailures } from '../../base/failures/runs.ts';
import { limits } from '../../base/limits.ts';
import type { JournalReading } from '../../contracts/runs.ts';
import type { JournalRecord } from '../../contracts/journal.ts';
import { blobText, isBlobName } from '../blob-folder.ts';
import { blobsFolder, journalFile, parseJournal } from '../journal-reader.ts';
import type { BlobRef } from '../journal-line.ts';
import { dateOf } from './commit-history.ts';
import { archiveRef } from './run-refs.ts';
import type { GitContext } from './git-context.ts';
import { isFile } from './tree-reader.ts';

/** A run's archive, by its commit. */
export interface Archived {
  readonly run: string;
  readonly commit: string;
}

/** A file of an archive that has not been read yet. */
export interface ArchivedFile {
  readonly oid: string;
  readonly bytes: number;
}

/**
 * Reads an archived journal as one on disk is read, and holds it to more: what was archived had ended, so its end is
 * not torn. Throws `journal.corrupt` when there is nothing to be read at all.
 */
export async function readArchived(context: GitContext, archived: Archived): Promise<JournalReading> {
  const records: JournalRecord[] = [];
  const name = `${archiveRef(archived.run)}:${journalFile}`;
  const bytes = await contentOf(context, archived, journalFile);
  const blobs = { read: (ref: BlobRef) => readArchivedBlob(context, archived, ref) };
  const extent = await parseJournal({ name, bytes, blobs, onRecord: (record) => records.push(record) });
  const torn = extent.sound.bytes < extent.bytes;
  const flaw = torn
    ? runFailures.archiveDamaged(archived.run, 'ends in the middle of a record').failure
    : undefined;
  return { records, corrupt: extent.corrupt ?? flaw, archived: true };
}

/** A file of an archive, whatever is in it. Throws `journal.corrupt` when it is missing, damaged or too large. */
export async function contentOf(context: GitContext, archived: Archived, path: string): Promise<Buffer> {
  const { run } = archived;
  const file = await fileOf(context, archived, path);
  if (file === undefined) throw runFailures.archiveDamaged(run, `lacks its file “${path}”`);
  if (file.bytes > limits.gitOutputBytes)
    throw runFailures.archiveDamaged(run, `has too large a file “${path}”`);
  return readable(run, () => context.objects.content(file.oid));
}

/** Where a file of an archive is, or nothing. Throws `journal.corrupt` when the archive itself is damaged. */
export async function fileOf(
  context: GitContext,
  { run, commit }: Archived,
  path: string,
): Promise<ArchivedFile | undefined> {
  return readable(run, async () => {
    const entry = await context.trees.entry(await context.objects.treeOf(commit), path);
    if (entry === undefined || !isFile(entry)) return undefined;
    const head = await context.objects.head(entry.oid);
    return head && { oid: entry.oid, bytes: head.bytes };
  });
}

/** The names of an archive's blobs; what else is in it is not Cairn's. */
export async function blobsOf(context: GitContext, { run, commit }: Archived): Promise<readonly string[]> {
  const listed = await readable(run, () =>
    context.git.text(['ls-tree', '-z', '--name-only', `${commit}^{tree}`, `${blobsFolder}/`]),
  );
  return listed
    .split('\0')
    .map((path) => path.slice(blobsFolder.length + 1))
    .filter(isBlobName);
}

/** When the run was last recorded in: the date of its archive's commit. */
export async function recordedAtMs(context: GitContext, { run, commit }: Archived): Promise<number> {
  return readable(run, () => dateOf(context, commit));
}

/** A blob that cannot be read is a damaged record and not the end of reading. */
async function readArchivedBlob(
  context: GitContext,
  archived: Archived,
  ref: BlobRef,
): Promise<string | undefined> {
  if (!isBlobName(ref.blob)) return undefined;
  const content = await contentOf(context, archived, `${blobsFolder}/${ref.blob}`).catch(() => undefined);
  return blobText(ref, content);
}

async function readable<T>(run: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw runFailures.archiveDamaged(run, 'cannot be read', thrown);
  }
}
