import { join } from 'node:path';
import type { LocalIndex } from 'vectra';
import { AppError } from '../base/failure.ts';
import { indexUnusable } from '../base/failures/memory.ts';
import { limits } from '../base/limits.ts';
import type { IndexItem, VectorIndex } from '../contracts/memory.ts';
import { FrameCodec, type Found } from './frame-codec.ts';
import { IndexFolder, type Stamp } from './index-folder.ts';
import { encodeChange, type Change } from './vector-frames.ts';
import { directionOf, type VectorSpace } from './vector-space.ts';
import { withWriteLock, type HeldLock } from './write-lock.ts';

/** A file that is mostly history is rewritten when it is twice as large as what it holds, and this. */
const spareBytes = 256 * 1024;

export interface OpenedVectorIndex {
  readonly index: VectorIndex;
  /**
   * How the index was found, for the log. After `absent` and `foreign` it is empty; after `damaged` it holds
   * what was sound. `hashes()` says what is missing, so the next update makes it whole.
   */
  readonly found: Found;
}

export interface VectraOptions {
  /** How long to wait for another process that writes. */
  readonly lockWaitMs?: number;
}

/**
 * Opens the index in a folder of its own; nothing outside of it is touched, nothing is written before the first
 * update. Throws `index.failed` when the folder holds files of somebody else or cannot be used.
 */
export async function openVectraIndex(
  folder: string,
  space: VectorSpace,
  options: VectraOptions = {},
): Promise<OpenedVectorIndex> {
  const { LocalIndex: Local } = await import('./vectra.ts');
  const storage = new IndexFolder(folder);
  const waitMs = options.lockWaitMs ?? limits.indexLockWaitMs;
  const index = new VectraIndex(storage, space, waitMs, (codec) => {
    return new Local(folder, fileName, storage, codec);
  });
  return { index, found: await index.open() };
}

const fileName = 'notes.vectors';

/** What was read of the file, and the file's stamp then. */
interface Loaded {
  readonly vectra: LocalIndex;
  readonly codec: FrameCodec;
  stamp: Stamp | undefined;
}

class VectraIndex implements VectorIndex {
  readonly #folder: IndexFolder;
  readonly #space: VectorSpace;
  readonly #waitMs: number;
  readonly #makeVectra: (codec: FrameCodec) => LocalIndex;
  readonly #file: string;
  #loaded: Loaded | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    folder: IndexFolder,
    space: VectorSpace,
    waitMs: number,
    makeVectra: (codec: FrameCodec) => LocalIndex,
  ) {
    this.#folder = folder;
    this.#space = space;
    this.#waitMs = waitMs;
    this.#makeVectra = makeVectra;
    this.#file = join(folder.path, fileName);
  }

  async open(): Promise<Found> {
    return this.#inTurn(async () => {
      await this.#folder.prepare();
      return (await this.#current()).codec.found;
    });
  }

  async hashes(): Promise<ReadonlyMap<string, string>> {
    return this.#inTurn(async () => (await this.#current()).codec.table.hashes());
  }

  async update(upserts: readonly IndexItem[], removals: readonly string[]): Promise<void> {
    const stored = upserts.map(({ id, hash, vector }) => ({
      id,
      hash,
      values: directionOf(id, vector, this.#space),
    }));
    await this.#inTurn(async () => {
      await this.#folder.prepare();
      await withWriteLock(join(this.#folder.path, 'lock'), this.#waitMs, (lock) =>
        this.#write({ removals, upserts: stored }, lock),
      );
    });
  }

  async nearest(vector: readonly number[], limit: number): Promise<readonly { id: string; score: number }[]> {
    // The same kind of array as the stored vectors keeps the loop over them fast.
    const direction = directionOf('query', vector, this.#space) as unknown as number[];
    return this.#inTurn(async () => {
      const { vectra, codec } = await this.#current();
      if (codec.table.size === 0 || limit < 1) return [];
      const found = await vectra.queryItems(direction, '', limit);
      return found
        .map(({ item, score }) => ({ id: item.id, score }))
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
    });
  }

  async #write(change: Change, lock: HeldLock): Promise<void> {
    const loaded = await this.#writable(lock);
    const { codec } = loaded;
    const effective = { ...change, removals: change.removals.filter((id) => codec.table.has(id)) };
    if (effective.removals.length + effective.upserts.length === 0) return;
    const frame = encodeChange(effective);
    await lock.confirm();
    await this.#folder.append(this.#file, codec.soundBytes, frame);
    codec.table.apply(effective);
    codec.soundBytes += frame.length;
    codec.found = 'intact';
    loaded.stamp = await this.#folder.stamp(this.#file);
    if (codec.soundBytes > 2 * this.#liveBytes(codec) + spareBytes) await this.#rewrite(loaded, lock);
  }

  /** An index that can be appended to; what is absent or foreign is first replaced by an empty one. */
  async #writable(lock: HeldLock): Promise<Loaded> {
    const loaded = await this.#current();
    if (loaded.codec.found !== 'absent' && loaded.codec.found !== 'foreign') return loaded;
    await this.#rewrite(loaded, lock);
    this.#loaded = undefined;
    return this.#current();
  }

  /** Replaces the file by one that holds the table and no history. */
  async #rewrite(loaded: Loaded, lock: HeldLock): Promise<void> {
    const { codec } = loaded;
    const content = codec.serializeIndex(codec.table.data);
    await lock.confirm();
    await this.#folder.sweep();
    await this.#folder.upsertFile(this.#file, content);
    codec.soundBytes = content.length;
    loaded.stamp = await this.#folder.stamp(this.#file);
  }

  #liveBytes(codec: FrameCodec): number {
    return codec.table.size * this.#space.dimensions * Float32Array.BYTES_PER_ELEMENT;
  }

  /** The index as it is on disk: read anew when another process, or nobody at all, has changed the file. */
  async #current(): Promise<Loaded> {
    const stamp = await this.#folder.stamp(this.#file);
    if (this.#loaded && this.#loaded.stamp === stamp) return this.#loaded;
    const codec = new FrameCodec(this.#space);
    const vectra = this.#makeVectra(codec);
    if (stamp === undefined) this.#loaded = { vectra, codec, stamp };
    else {
      await vectra.getIndexStats();
      this.#loaded = { vectra, codec, stamp: this.#folder.lastRead };
    }
    return this.#loaded;
  }

  /** One after another, so that no reader sees half a change; a failure does not stop the next. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (thrown) {
      this.#loaded = undefined;
      throw thrown instanceof AppError ? thrown : indexUnusable(this.#file, thrown);
    }
  }
}
