import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureFolder, writeFileAtomic } from './atomic-file.ts';

describe('writing a file as a whole', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-atomic-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([true, false])('replaces what was there and leaves nothing else (durable: %s)', async (durable) => {
    const path = join(folder, 'file.txt');
    await writeFileAtomic(path, 'first', { durable });
    await writeFileAtomic(path, Buffer.from('second'), { durable });
    expect(await readFile(path, 'utf8')).toBe('second');
    expect(await readdir(folder)).toEqual(['file.txt']);
  });

  it('never shows a part of it to a reader', async () => {
    const path = join(folder, 'file.txt');
    const versions = Array.from({ length: 30 }, (_, index) => String(index % 10).repeat(200_000));
    await writeFileAtomic(path, versions[0] ?? '', { durable: false });
    const progress = { isWriting: true };
    const writing = (async () => {
      for (const text of versions) await writeFileAtomic(path, text, { durable: false });
      progress.isWriting = false;
    })();
    while (progress.isWriting) {
      const seen = await readFile(path, 'utf8');
      expect(seen).toHaveLength(200_000);
      expect(new Set(seen).size).toBe(1);
    }
    await writing;
  });

  it('keeps the old file and no rest of the new one when it fails', async () => {
    const path = join(folder, 'taken');
    await mkdir(path);
    await writeFile(join(path, 'inside'), 'kept');
    const failing = writeFileAtomic(path, 'new', { durable: true });
    await expect(failing).rejects.toMatchObject({ failure: { code: 'file.failed', at: { file: path } } });
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await readFile(join(path, 'inside'), 'utf8')).toBe('kept');
  });

  it('makes folders, and says which one it could not make', async () => {
    await ensureFolder(join(folder, 'a', 'b'));
    await ensureFolder(join(folder, 'a', 'b'));
    await writeFile(join(folder, 'file'), '');
    await expect(ensureFolder(join(folder, 'file', 'c'))).rejects.toMatchObject({
      failure: { code: 'file.failed' },
    });
  });
});
