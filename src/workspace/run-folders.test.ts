import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completed, resumed, retry, run, take } from '../../test/contract/run-store-events.ts';
import { ManualClock } from '../base/clock.ts';
import type { RunFolders } from '../contracts/archive.ts';
import type { RunStore } from '../contracts/runs.ts';
import { makeRunFolder, openRunFolders } from './run-folders.ts';
import { openRunStore } from './run-store.ts';

const other = '20260106-content-loop-zz99';
const token = '01234567-89ab-cdef-0123-456789abcdef';

describe('the folders of runs', () => {
  let root: string;
  let runs: string;
  let store: RunStore;
  let folders: RunFolders;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cairn-folders-'));
    runs = join(root, '.cairn', 'runs');
    store = openRunStore(root, { clock: new ManualClock() });
    folders = openRunFolders(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function recorded(of: string): Promise<void> {
    await store.create(of);
    const lease = await take(store, of);
    await lease.journal.append([resumed('x'.repeat(10_000)), completed]);
    await lease.release();
  }

  it('are measured with their blobs, and by when their journal was written', async () => {
    await recorded(run);
    const written = new Date(Date.UTC(2026, 0, 5));
    await utimes(join(runs, run, 'journal.jsonl'), written, written);
    const journal = await stat(join(runs, run, 'journal.jsonl'));
    const size = await folders.measure(run);
    expect(size?.writtenAtMs).toBe(written.getTime());
    expect(size?.bytes).toBeGreaterThan(journal.size + 10_000);
    expect(await folders.measure(other)).toBeUndefined();
    await store.create(other);
    expect(await folders.measure(other)).toBeUndefined();
    expect(await folders.list()).toEqual([other, run]);
  });

  it('are removed with all that is in them, and nothing else is', async () => {
    await recorded(run);
    await recorded(other);
    expect(await folders.remove(run)).toBe(true);
    expect(await readdir(runs)).toEqual([other]);
    await expect(folders.remove(run)).rejects.toMatchObject({ failure: { code: 'file.failed' } });
  });

  it('come back whole when an order came in the last moment', async () => {
    await recorded(run);
    const { records } = await store.read(run);
    await store.order(run, retry('01A'));
    expect(await folders.remove(run)).toBe(false);
    expect(await store.orders(run)).toEqual([retry('01A')]);
    expect((await store.read(run)).records).toEqual(records);
    expect(await readdir(runs)).toEqual([run]);
  });

  it('are never half there: what a killed removal has left is deleted, but for one that was ordered something', async () => {
    for (const of of [run, other]) await recorded(of);
    await store.order(other, retry('01A'));
    for (const of of [run, other]) await rename(join(runs, of), join(runs, `.removed-${of}.${token}`));
    await rm(join(runs, `.removed-${run}.${token}`, 'journal.jsonl'));
    expect(await store.list()).toEqual([]);
    await folders.sweep();
    expect(await readdir(runs)).toEqual([other]);
    expect(await store.orders(other)).toEqual([retry('01A')]);
    await folders.sweep();
  });

  it('that a killed restoring has left half made are deleted, once nobody can be at it', async () => {
    const half = join(runs, `.restored-${run}.${token}`);
    await mkdir(half, { recursive: true });
    await writeFile(join(half, 'journal.jsonl'), 'half');
    await folders.sweep();
    expect(await readdir(runs)).toHaveLength(1);
    const long = new Date(Date.now() - 2 * 60 * 60_000);
    await utimes(half, long, long);
    await folders.sweep();
    expect(await readdir(runs)).toEqual([]);
  });

  it('are made as a whole or not at all, and never over one that is there', async () => {
    const make = () => makeRunFolder(runs, run, (write) => write('journal.jsonl', Buffer.from('line\n')));
    const failing = makeRunFolder(runs, run, async (write) => {
      await write('journal.jsonl', Buffer.from('half'));
      throw new Error('the archive cannot be read');
    });
    await expect(failing).rejects.toThrow('the archive cannot be read');
    expect(await readdir(runs)).toEqual([]);
    const made = await Promise.all([make(), make(), make()]);
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await readdir(runs)).toEqual([run]);
    expect(await readFile(join(runs, run, 'journal.jsonl'), 'utf8')).toBe('line\n');
  });

  it('that are gone are not made again by an order', async () => {
    await recorded(run);
    await rm(join(runs, run, 'orders'), { recursive: true });
    await store.order(run, retry('01A'));
    expect(await store.orders(run)).toHaveLength(1);
    await rm(join(runs, run), { recursive: true });
    await expect(store.order(run, retry('01B'))).rejects.toMatchObject({ failure: { code: 'run.missing' } });
    expect(await readdir(runs)).toEqual([]);
  });
});
