import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../base/failure.ts';
import { codeOf, runFailures } from '../../base/failures/runs.ts';
import type { ArchiveState, RunArchive } from '../../contracts/archive.ts';
import type { JournalReading } from '../../contracts/runs.ts';
import { blobsFolder, journalFile } from '../journal-reader.ts';
import { makeRunFolder } from '../run-folders.ts';
import { checkRunName, namedInCompany, runsFolder } from '../run-paths.ts';
import { commitArchive } from './archive-commit.ts';
import { type Archived, blobsOf, contentOf, fileOf, readArchived, recordedAtMs } from './archived-files.ts';
import type { GitContext } from './git-context.ts';
import { RunRefs } from './run-refs.ts';

/** The archive of runs as commits on `refs/cairn/runs/<run>/archive`, made of objects and refs alone (promise P8). */
export class GitRunArchive implements RunArchive {
  readonly #context: GitContext;
  readonly #refs: RunRefs;

  constructor(context: GitContext) {
    this.#context = context;
    this.#refs = new RunRefs(context);
  }

  async list(): Promise<ReadonlySet<string>> {
    return new Set((await this.#refs.archives()).keys());
  }

  async read(run: string): Promise<JournalReading> {
    return readArchived(this.#context, await this.#archived(run));
  }

  async stamp(run: string): Promise<string> {
    return (await this.#archived(run)).commit;
  }

  async recordedAtMs(run: string): Promise<number> {
    return recordedAtMs(this.#context, await this.#archived(run));
  }

  async compare(run: string): Promise<ArchiveState> {
    const archived = await this.#find(run);
    return archived === undefined ? 'none' : this.#stateOf(archived);
  }

  async keep(run: string, atMs: number): Promise<'kept' | 'unchanged'> {
    const archived = await this.#find(run);
    const state = archived ? await this.#stateOf(archived) : 'none';
    if (state === 'same') return 'unchanged';
    if (state === 'ahead') throw runFailures.archiveAhead(run);
    if (state === 'other') throw runFailures.archiveDiffers(run);
    const parent = archived?.commit;
    const commit = await commitArchive(this.#context, { run, atMs, parent });
    await this.#refs.setArchive(run, commit, parent);
    return 'kept';
  }

  async restore(run: string): Promise<boolean> {
    const archived = await this.#archived(run);
    // What could not be gone on with is told of now, and nothing is made.
    const { corrupt } = await readArchived(this.#context, archived);
    if (corrupt) throw new AppError(corrupt);
    const blobs = await blobsOf(this.#context, archived);
    const paths = [journalFile, ...blobs.map((name) => `${blobsFolder}/${name}`)];
    return makeRunFolder(runsFolder(this.#context.root), run, async (write) => {
      for (const path of paths) await write(path, await contentOf(this.#context, archived, path));
    });
  }

  async forget(run: string): Promise<void> {
    checkRunName(run);
    await this.#refs.removeAll(run);
  }

  async measure(): Promise<{ bytes: number; refs: number }> {
    const { git } = this.#context;
    const refs = await git.text(['for-each-ref', '--format=x', 'refs/cairn/']);
    const others = ['--not', '--exclude=refs/cairn/*', '--all'];
    const bytes = await git.text(['rev-list', '--objects', '--disk-usage', '--glob=refs/cairn', ...others]);
    return { bytes: Number(bytes), refs: refs.split('\n').filter(Boolean).length };
  }

  async #find(run: string): Promise<Archived | undefined> {
    checkRunName(run);
    const commit = (await this.#refs.archives()).get(run);
    return commit === undefined ? undefined : { run, commit };
  }

  async #archived(run: string): Promise<Archived> {
    const archived = await this.#find(run);
    if (archived === undefined) throw runFailures.missing(run);
    return archived;
  }

  /** Compared by the ids that git gives to the longest beginning that both can have. */
  async #stateOf(archived: Archived): Promise<ArchiveState> {
    const file = await fileOf(this.#context, archived, journalFile);
    const name = namedInCompany(archived.run, journalFile);
    const path = join(this.#context.root, ...name.split('/'));
    try {
      const { size } = await stat(path);
      if (file === undefined) return 'other';
      if (size >= file.bytes) {
        if ((await this.#idOf(startOf(path, file.bytes), file.bytes)) !== file.oid) return 'other';
        return size === file.bytes ? 'same' : 'behind';
      }
      const start = (await contentOf(this.#context, archived, journalFile)).subarray(0, size);
      const isStart = (await this.#idOf([start], size)) === (await this.#idOf(startOf(path, size), size));
      return isStart ? 'ahead' : 'other';
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return 'ahead';
      throw thrown instanceof AppError ? thrown : runFailures.fileFailed('read', name, thrown);
    }
  }

  /** The id that git gives to so many bytes. */
  async #idOf(content: AsyncIterable<unknown> | Iterable<unknown>, bytes: number): Promise<string> {
    const hash = createHash(this.#context.layout.objectFormat).update(`blob ${bytes}\0`);
    for await (const chunk of content) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }
}

/** The first bytes of a file. */
function startOf(path: string, bytes: number): AsyncIterable<unknown> | Iterable<unknown> {
  return bytes === 0 ? [] : createReadStream(path, { end: bytes - 1 });
}
