import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeFileAtomic } from './atomic-file.ts';
import type { BlobRef } from './journal-line.ts';

/** Data too large for a journal line, one file each, named by the SHA-256 of its bytes. The folder exists. */
export class BlobFolder {
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

  /** The blob's text; nothing when it is missing, or not what its name says. */
  async read({ blob, bytes }: BlobRef): Promise<string | undefined> {
    if (!/^[0-9a-f]{64}$/.test(blob)) return undefined;
    const content = await readFile(join(this.#folder, blob)).catch(() => undefined);
    if (content?.length !== bytes || sha256(content) !== blob) return undefined;
    return content.toString('utf8');
  }

  async #sizeOf(blob: string): Promise<number | undefined> {
    const found = await stat(join(this.#folder, blob)).catch(() => undefined);
    return found?.size;
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
