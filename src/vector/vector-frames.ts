import { crc32 } from 'node:zlib';
import type { VectorSpace } from './vector-space.ts';

/** A stored vector, with the hash of what was embedded. */
export interface StoredVector {
  readonly id: string;
  readonly hash: string;
  readonly values: Float32Array;
}

/** One durable change of the index: first the removals, then the upserts. */
export interface Change {
  readonly removals: readonly string[];
  readonly upserts: readonly StoredVector[];
}

/** What could be read of an index file. */
export interface FrameReading {
  readonly changes: readonly Change[];
  /** Up to here the file is sound; what follows was never acknowledged or is damaged. */
  readonly soundBytes: number;
}

/*
 * The file: eight bytes that name the format, then frames. A frame is the length of its payload, the CRC-32
 * of its payload, the payload. The first frame holds the space as JSON; every other one a change:
 * the length of its names, the names as JSON padded to four bytes, then the vectors as float32, one after another.
 * All numbers are little-endian, which every machine that runs an editor is.
 */
const magic = Buffer.from('CAIRNVX1', 'latin1');
const frameHeadBytes = 8;

/** The beginning of every index file of a space. */
export function encodeStart({ name, dimensions }: VectorSpace): Buffer {
  return Buffer.concat([magic, framed([Buffer.from(JSON.stringify({ name, dimensions }))])]);
}

export function encodeChange({ removals, upserts }: Change): Buffer {
  const names = padded(
    Buffer.from(JSON.stringify([removals, upserts.map(({ id }) => id), upserts.map(({ hash }) => hash)])),
  );
  const head = Buffer.alloc(4);
  head.writeUInt32LE(names.length);
  const vectors = upserts.map(({ values }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  return framed([head, names, ...vectors]);
}

/** Reads a file as far as it is sound; nothing when it is not an index of this space. */
export function decodeFrames(file: Buffer, space: VectorSpace): FrameReading | undefined {
  const start = encodeStart(space);
  if (file.length < start.length || !file.subarray(0, start.length).equals(start)) return undefined;
  const changes: Change[] = [];
  let soundBytes = start.length;
  for (;;) {
    const payload = payloadAt(file, soundBytes);
    const change = payload && decodeChange(payload, space.dimensions);
    if (!payload || !change) return { changes, soundBytes };
    changes.push(change);
    soundBytes += frameHeadBytes + payload.length;
  }
}

function framed(parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(frameHeadBytes);
  head.writeUInt32LE(parts.reduce((sum, part) => sum + part.length, 0));
  head.writeUInt32LE(
    parts.reduce((crc, part) => crc32(part, crc), 0),
    4,
  );
  return Buffer.concat([head, ...parts]);
}

function payloadAt(file: Buffer, at: number): Buffer | undefined {
  const from = at + frameHeadBytes;
  if (from > file.length) return undefined;
  const length = file.readUInt32LE(at);
  if (from + length > file.length) return undefined;
  const payload = file.subarray(from, from + length);
  return crc32(payload) === file.readUInt32LE(at + 4) ? payload : undefined;
}

function decodeChange(payload: Buffer, dimensions: number): Change | undefined {
  if (payload.length < 4) return undefined;
  const vectorsFrom = 4 + payload.readUInt32LE(0);
  if (vectorsFrom > payload.length) return undefined;
  const [removals, ids, hashes] = namesIn(payload.subarray(4, vectorsFrom));
  if (!removals || !ids || ids.length !== hashes?.length) return undefined;
  if (payload.length - vectorsFrom !== ids.length * dimensions * 4) return undefined;
  const values = new Float32Array(ids.length * dimensions);
  payload.copy(Buffer.from(values.buffer), 0, vectorsFrom);
  return {
    removals,
    upserts: ids.map((id, i) => ({
      id,
      hash: hashes[i] ?? '',
      values: values.subarray(i * dimensions, (i + 1) * dimensions),
    })),
  };
}

/** Removed ids, upserted ids, and the hashes of the latter. */
function namesIn(bytes: Buffer): readonly (readonly string[] | undefined)[] {
  try {
    const lists: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(lists) ? lists.map((list) => (isTexts(list) ? list : undefined)) : [];
  } catch {
    return [];
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** JSON may end in spaces; the vectors behind it then begin at a multiple of four. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, ' ')]);
}
