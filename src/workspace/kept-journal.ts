import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { BlobSource } from './blob-folder.ts';
import type { JournalPoint } from './journal-point.ts';

const chunkBytes = 1024 * 1024;

/**
 * Whether a journal is up to a point what it was. All is verified that reading it would verify: every byte, by a
 * checksum as strong as those of the lines (CRC-32), and every blob, by its name. So a snapshot never hides damage: it
 * does not fit then, the journal is read whole, and that tells what is wrong with which line.
 */
export async function reachesPoint(
  journal: string,
  named: BlobSource,
  { bytes, crc, blobs }: JournalPoint,
): Promise<boolean> {
  const file = await open(journal).catch(() => undefined);
  try {
    if (!file || (await crcOf(file, bytes)) !== crc) return false;
  } finally {
    await file?.close();
  }
  for (const ref of blobs) if ((await named.read(ref)) === undefined) return false;
  return true;
}

/**
 * The checksum of so many first bytes; nothing when there are not as many. Goes through one small buffer, since to get
 * memory for all of a long journal takes longer than to read it.
 */
async function crcOf(file: FileHandle, bytes: number): Promise<number | undefined> {
  const chunk = Buffer.allocUnsafe(Math.min(bytes, chunkBytes));
  let crc = 0;
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, bytes - done), done);
    if (bytesRead === 0) return undefined;
    crc = crc32(chunk.subarray(0, bytesRead), crc);
    done += bytesRead;
  }
  return crc;
}
