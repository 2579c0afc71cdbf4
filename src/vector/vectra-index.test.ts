import { randomUUID } from 'node:crypto';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { item, testSpace, vectorIndexContract } from '../../test/contract/vector-index.ts';
import { openVectraIndex } from './vectra-index.ts';

let root: string;
let folder: string;
const east = [1, 0, 0, 0];
const north = [0, 1, 0, 0];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-vectors-'));
});
beforeEach(() => {
  folder = join(root, randomUUID());
});
afterAll(() => rm(root, { recursive: true }));

const open = (lockWaitMs = 2_000) => openVectraIndex(folder, testSpace, { lockWaitMs });
const file = () => join(folder, 'notes.vectors');

vectorIndexContract(async () => (await openVectraIndex(join(root, randomUUID()), testSpace)).index);

describe('the index on disk', () => {
  it('is there again after a restart', async () => {
    const first = await open();
    expect(first.found).toBe('absent');
    await first.index.update([item('x', east), item('y', north)], []);
    await first.index.update([], ['y']);
    const second = await open();
    expect(second.found).toBe('intact');
    expect(await second.index.hashes()).toEqual(new Map([['x', 'hash of x']]));
    expect(await second.index.nearest(east, 3)).toEqual([{ id: 'x', score: 1 }]);
  });

  it('shows what another process has written, and adds to it', async () => {
    const [one, other] = [(await open()).index, (await open()).index];
    await one.update([item('x', east)], []);
    expect([...(await other.hashes()).keys()]).toEqual(['x']);
    await other.update([item('y', north)], []);
    await one.update([item('z', [0, 0, 1, 0])], []);
    expect([...(await other.hashes()).keys()]).toEqual(['x', 'y', 'z']);
    expect(await one.nearest(north, 1)).toEqual([{ id: 'y', score: 1 }]);
  });

  it('loses nothing when two write at the same time', async () => {
    const indexes = [(await open(10_000)).index, (await open(10_000)).index];
    const updates = indexes.flatMap((index, of) =>
      Array.from({ length: 10 }, (_, i) => index.update([item(`${of}-${i}`, [1, i, of, 0])], [])),
    );
    await Promise.all(updates);
    for (const index of indexes) expect((await index.hashes()).size).toBe(20);
  });

  it('is empty and usable when its folder was deleted under it', async () => {
    const { index } = await open();
    await index.update([item('x', east)], []);
    await rm(folder, { recursive: true });
    expect(await index.hashes()).toEqual(new Map());
    await index.update([item('y', north)], []);
    expect([...(await (await open()).index.hashes()).keys()]).toEqual(['y']);
  });

  it('does not grow with every rewrite of the same notes', async () => {
    const { index } = await openVectraIndex(folder, { name: 'test/1', dimensions: 4096 });
    const vector = Array.from({ length: 4096 }, (_, i) => i + 1);
    for (let i = 0; i < 60; i += 1) await index.update([item('x', vector, String(i))], []);
    expect((await stat(file())).size).toBeLessThan(320 * 1024);
    expect((await index.hashes()).get('x')).toBe('59');
  });
});

describe('a broken index', () => {
  const filled = async () => {
    const { index } = await open();
    await index.update([item('x', east)], []);
    await index.update([item('y', north)], []);
  };

  it('keeps what came before a write that was cut off, and goes on behind it', async () => {
    await filled();
    await truncate(file(), (await stat(file())).size - 5);
    const { index, found } = await open();
    expect(found).toBe('damaged');
    expect([...(await index.hashes()).keys()]).toEqual(['x']);
    await index.update([item('z', north)], []);
    const again = await open();
    expect(again.found).toBe('intact');
    expect([...(await again.index.hashes()).keys()]).toEqual(['x', 'z']);
  });

  it('can be cut at any byte and is still readable', async () => {
    await filled();
    const whole = await readFile(file());
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      await writeFile(file(), whole.subarray(0, bytes));
      const { index, found } = await open();
      expect(found).toMatch(/^(foreign|damaged|intact)$/);
      expect((await index.hashes()).size).toBeLessThan(2);
    }
  });

  it('never gives a vector in which a bit has changed', async () => {
    await filled();
    const bytes = await readFile(file());
    const at = bytes.length - 3;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(file(), bytes);
    const { index, found } = await open();
    expect(found).toBe('damaged');
    expect([...(await index.hashes()).keys()]).toEqual(['x']);
  });

  it.each([
    ['text', 'not an index at all'],
    ['nothing', ''],
  ])('starts empty when the file holds %s', async (_what, content) => {
    await filled();
    await writeFile(file(), content);
    const { index, found } = await open();
    expect(found).toBe('foreign');
    expect(await index.hashes()).toEqual(new Map());
    await index.update([item('z', east)], []);
    expect((await open()).found).toBe('intact');
  });

  it('starts empty when the vectors are of another embedding', async () => {
    await filled();
    const opened = await openVectraIndex(folder, { name: 'other/1', dimensions: 4 });
    expect(opened.found).toBe('foreign');
    expect(await opened.index.nearest(east, 3)).toEqual([]);
  });
});

describe("the index's folder", () => {
  it('is refused, and left as it is, when it holds files of somebody else', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'diary.md'), 'mine');
    await expect(open()).rejects.toMatchObject({ code: 'index.failed', failure: { retry: 'operator' } });
    expect(await readdir(folder)).toEqual(['diary.md']);
  });

  it('keeps files that were put beside the index', async () => {
    const { index } = await open();
    await writeFile(join(folder, 'diary.md'), 'mine');
    await index.update([item('x', east)], []);
    await writeFile(file(), 'broken');
    await index.update([item('y', north)], []);
    expect(await readFile(join(folder, 'diary.md'), 'utf8')).toBe('mine');
  });

  it('is swept of what killed processes left half-made', async () => {
    const { index } = await open();
    await writeFile(join(folder, `notes.vectors.${randomUUID()}.tmp`), 'half');
    await index.update([item('x', east)], []);
    expect((await readdir(folder)).sort()).toEqual(['.cairn-vectors', 'notes.vectors']);
  });
});

describe('the write lock', () => {
  const lock = (pid: number) =>
    writeFile(join(folder, 'lock'), JSON.stringify({ pid, host: hostname(), token: 'other' }));

  it('of a living process is waited for, then told, and reading goes on', async () => {
    const { index } = await open(30);
    await index.update([item('x', east)], []);
    await lock(process.pid);
    await expect(index.update([item('y', north)], [])).rejects.toMatchObject({
      code: 'index.failed',
      failure: { retry: 'later' },
    });
    expect([...(await index.hashes()).keys()]).toEqual(['x']);
    await rm(join(folder, 'lock'));
    await index.update([item('y', north)], []);
    expect((await index.hashes()).size).toBe(2);
  });

  it('of a process that is gone is taken over', async () => {
    const { index } = await open(30);
    await lock(2 ** 30);
    await index.update([item('x', east)], []);
    expect((await readdir(folder)).sort()).toEqual(['.cairn-vectors', 'notes.vectors']);
  });

  it('does not keep bytes that another process appends from being noticed', async () => {
    const [one, other] = [(await open()).index, (await open()).index];
    await one.update([item('x', east)], []);
    await appendFile(file(), Buffer.from([1, 2, 3]));
    await other.update([item('y', north)], []);
    expect((await one.hashes()).size).toBe(2);
  });
});
