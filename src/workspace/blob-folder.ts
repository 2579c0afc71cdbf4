import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeFileAtomic } from './atomic-file.ts';
import type { BlobRef } from './journal-line.ts';

/** Where the data of a journal's large records is. */
export interface BlobSource {
  /** The blob's text; nothing when it is missing, or not what its name says. */
  read(ref: BlobRef): Promise<string | undefined>;
}

/** What a blob may be called. */
export function isBlobName(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** A blob's text, if these bytes are what its name says. */
export function blobText({ blob, bytes }: BlobRef, content: Uint8Array | undefined): string | undefined {
  if (content?.length !== bytes || sha256(content) !== blob) return undefined;
  return Buffer.from(content).toString('utf8');
}

/** Data too large for a journal line, one file each, named by the SHA-256 of its bytes. The folder exists. */
export class BlobFolder implements BlobSource {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when the blob survives a loss of power. Writing the same text again is free. */
  async write(text: string): Promise<BlobRef> {
    const content = Buffer.from(text);
    const ref = { blob: sha256(content), bytes: content.length };
    if ((await this.#sizeOf(ref.blob)) === ref.bytes) {
      await syncFolder(this.#folder);
      return ref;
    }
    await writeFileAtomic(join(this.#folder, ref.blob), content, { durable: true });
    return ref;
  }

  async read(ref: BlobRef): Promise<string | undefined> {
    if (!isBlobName(ref.blob)) return undefined;
    return blobText(ref, await readFile(join(this.#folder, ref.blob)).catch(() => undefined));
  }

  async #sizeOf(blob: string): Promise<number | undefined> {
    const found = await stat(join(this.#folder, blob)).catch(() => undefined);
    return found?.size;
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
