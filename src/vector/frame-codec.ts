import type { IndexCodec, IndexData } from 'vectra';
import { decodeFrames, encodeChange, encodeStart } from './vector-frames.ts';
import type { VectorSpace } from './vector-space.ts';
import { VectorTable } from './vector-table.ts';

/** How an index file was found. `damaged`: the sound beginning is used, the rest is cut at the next write. */
export type Found = 'absent' | 'intact' | 'damaged' | 'foreign';

/** The index format for Vectra: what it reads becomes a table that Cairn then keeps up to date. */
export class FrameCodec implements IndexCodec {
  readonly extension = '.vectors';
  readonly #space: VectorSpace;
  table = new VectorTable();
  found: Found = 'absent';
  /** Bytes of the file that are sound. */
  soundBytes = 0;

  constructor(space: VectorSpace) {
    this.#space = space;
  }

  /** One frame with everything: what is left of the file after a compaction. */
  serializeIndex(_data: IndexData): Buffer {
    const start = encodeStart(this.#space);
    return this.table.size === 0 ? start : Buffer.concat([start, encodeChange(this.table.asChange())]);
  }

  deserializeIndex(file: Buffer): IndexData {
    const reading = decodeFrames(file, this.#space);
    for (const change of reading?.changes ?? []) this.table.apply(change);
    this.soundBytes = reading?.soundBytes ?? 0;
    if (!reading) this.found = 'foreign';
    else this.found = reading.soundBytes === file.length ? 'intact' : 'damaged';
    return this.table.data;
  }

  // Vectra calls these for document catalogs and for metadata in files of their own; this index has neither.
  serializeCatalog = unused;
  deserializeCatalog = unused;
  serializeMetadata = unused;
  deserializeMetadata = unused;
}

function unused(): never {
  throw new Error('The index has neither catalog nor metadata files.');
}
