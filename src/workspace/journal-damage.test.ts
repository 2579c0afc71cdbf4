import { appendFile, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { take } from '../../test/contract/run-store-events.ts';
import { ManualClock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { JournalRecord, RunEvent } from '../contracts/journal.ts';
import type { RunStore } from '../contracts/runs.ts';
import { writeLine } from './journal-line.ts';
import { openRunStore } from './run-store.ts';

const run = '20260105-loop-ab12';
const resumed = (by: string): RunEvent => ({ type: 'run.resumed', data: { by } });

describe('a journal on disk', () => {
  const clock = new ManualClock();
  let root: string;
  let folder: string;
  let journal: string;
  let store: RunStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cairn-journal-'));
    folder = join(root, '.cairn', 'runs', run);
    journal = join(folder, 'journal.jsonl');
    store = openRunStore(root, { clock });
    await store.create(run);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** One append after the other. */
  async function record(...events: RunEvent[]): Promise<readonly JournalRecord[]> {
    return recordBatches(...events.map((event) => [event]));
  }

  async function recordBatches(...batches: RunEvent[][]): Promise<readonly JournalRecord[]> {
    const lease = await take(store, run);
    const records: JournalRecord[] = [];
    for (const batch of batches) records.push(...(await lease.journal.append(batch)));
    await lease.release();
    return records;
  }

  const lines = async (): Promise<string[]> => (await readFile(journal, 'utf8')).trimEnd().split('\n');

  it('holds one event a line, with its place and a checksum', async () => {
    await record(resumed('Ada'), { type: 'step.started', step: 'plan', attempt: 1, data: { key: 'k' } });
    const [first, second] = (await lines()).map((line): unknown => JSON.parse(line));
    const at = clock.now();
    expect(first).toEqual({
      v: 1,
      n: 1,
      epoch: 1,
      at,
      type: 'run.resumed',
      cause: [],
      data: { by: 'Ada' },
      crc: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect(second).toMatchObject({ n: 2, type: 'step.started', step: 'plan', attempt: 1, cause: [1] });
  });

  it('keeps large data in a blob named by its content, once', async () => {
    const large = resumed('x'.repeat(limits.journalInlineBytes));
    await record(large, large, resumed('x'.repeat(limits.journalInlineBytes - '{"by":""}'.length)));
    const blobs = await readdir(join(folder, 'blobs'));
    expect(blobs).toHaveLength(1);
    const written = (await lines()).map((line): unknown => JSON.parse(line));
    const data = { blob: blobs[0], bytes: limits.journalInlineBytes + '{"by":""}'.length };
    expect(written).toMatchObject([{ data }, { data }, { data: { by: expect.any(String) } }]);
  });

  it.each(['missing', 'damaged'])('stops at a record whose blob is %s', async (state) => {
    const [first] = await record(resumed('Ada'), resumed('x'.repeat(9_000)), resumed('Bo'));
    const [blob = ''] = await readdir(join(folder, 'blobs'));
    await rm(join(folder, 'blobs', blob));
    if (state === 'damaged') await writeFile(join(folder, 'blobs', blob), `{"by":"${'y'.repeat(9_000)}"}`);
    const { records, corrupt } = await store.read(run);
    expect(records).toEqual([first]);
    expect(corrupt).toMatchObject({ code: 'journal.corrupt', at: { line: 2 } });
  });

  it('cut at any byte of its last line reads as if that line was never written', async () => {
    await record(resumed('Ada'), resumed('Bo'));
    const whole = await readFile(journal);
    const lastAt = whole.indexOf('\n') + 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: lastAt, max: whole.length - 1 }), async (cut) => {
        await writeFile(journal, whole.subarray(0, cut));
        const { records, corrupt } = await store.read(run);
        expect(corrupt).toBeUndefined();
        expect(records.map(({ n }) => n)).toEqual([1]);
        expect(await readFile(journal)).toEqual(whole.subarray(0, cut));
      }),
    );
  });

  it.each([
    ['without its line feed', (whole: Buffer) => whole.subarray(0, -1)],
    ['with a wrong checksum', (whole: Buffer) => Buffer.from(whole.toString().replace(/..(?="}\n$)/, 'zz'))],
    ['of zeros', (whole: Buffer) => Buffer.concat([whole, Buffer.alloc(300)])],
  ])('has a torn last line %s put aside by the next lease, which goes on', async (_how, tear) => {
    await record(resumed('Ada'), resumed('Bo'));
    const torn = tear(await readFile(journal));
    await writeFile(journal, torn);
    const { records } = await store.read(run);
    const [next] = await record(resumed('Cy'));
    expect(next?.n).toBe(records.length + 1);
    expect(await readFile(join(folder, `journal.torn-${clock.now()}`))).toEqual(torn);
    expect(await store.read(run)).toEqual({ records: [...records, next] });
  });

  it('with any byte within a middle line changed stops before it, is left alone, and harms no other run', async () => {
    const [first] = await record(resumed('Ada'), resumed('Bo'), resumed('Cy'));
    const whole = await readFile(journal);
    const middle = { from: whole.indexOf('\n') + 1, to: whole.lastIndexOf('\n', whole.length - 2) };
    await store.create('20260105-other-0000');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: middle.from, max: middle.to - 1 }), async (at) => {
        const damaged = Buffer.from(whole);
        damaged[at] = damaged[at] === 0x23 ? 0x24 : 0x23;
        await writeFile(journal, damaged);
        const { records, corrupt } = await store.read(run);
        expect(records).toEqual([first]);
        expect(corrupt).toMatchObject({
          code: 'journal.corrupt',
          at: { file: `.cairn/runs/${run}/journal.jsonl`, line: 2 },
        });
        await expect(store.lease(run)).rejects.toMatchObject({ failure: { code: 'journal.corrupt' } });
        expect(await readFile(journal)).toEqual(damaged);
      }),
      { numRuns: 40 },
    );
    expect(await store.lease('20260105-other-0000')).not.toBe('held');
  });

  it.each([
    ['a record is missing', (all: string[]) => [all[0], all[2]]],
    ['a record is repeated', (all: string[]) => [all[0], all[1], all[1], all[2]]],
  ])('stops where %s', async (_what, change) => {
    const records = await record(resumed('Ada'), resumed('Bo'), resumed('Cy'));
    await writeFile(journal, `${change(await lines()).join('\n')}\n`);
    const reading = await store.read(run);
    expect(reading.corrupt?.code).toBe('journal.corrupt');
    expect(records.slice(0, reading.records.length)).toEqual(reading.records);
  });

  it('whose end was written twice, as a whole or in part, is cut to what it was by the next lease', async () => {
    await recordBatches([resumed('Ada')], [resumed('Bo'), resumed('x'.repeat(9_000)), resumed('Cy')]);
    const { records } = await store.read(run);
    const whole = await readFile(journal);
    const begins = records.map((_, line) => beginOf(whole, line));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...begins), fc.nat(), async (begin, more) => {
        const length = 1 + (more % (whole.length - begin));
        const twice = Buffer.concat([whole, whole.subarray(begin, begin + length)]);
        await writeFile(journal, twice);
        expect(await store.read(run)).toEqual({ records });
        await (await take(store, run)).release();
        expect(await readFile(journal)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('stops at an event of no known kind', async () => {
    const [first] = await record(resumed('Ada'));
    const place = { n: 2, epoch: 1, at: clock.now(), cause: [1] };
    const event = { type: 'run.teleported', data: {} } as unknown as RunEvent;
    await appendFile(journal, writeLine({ ...place, event }, '{}', 'last'));
    const { records, corrupt } = await store.read(run);
    expect(records).toEqual([first]);
    expect(corrupt?.message).toContain('run.teleported');
  });

  it('of a newer format is not touched', async () => {
    const [first] = await record(resumed('Ada'));
    await appendFile(journal, '{"v":2,"n":2,"somehow":"else"}\n');
    const before = await readFile(journal);
    expect(await store.read(run)).toMatchObject({ records: [first], corrupt: { code: 'journal.newer' } });
    await expect(store.lease(run)).rejects.toMatchObject({ failure: { code: 'journal.newer' } });
    expect(await readFile(journal)).toEqual(before);
  });

  it('takes what was appended together as a whole: a batch torn between its lines is cut', async () => {
    const [first] = await record(resumed('Ada'));
    await recordBatches([resumed('Bo'), resumed('Cy'), resumed('Di')]);
    const whole = await readFile(journal, 'utf8');
    for (const kept of [2, 3]) {
      await writeFile(journal, `${whole.split('\n').slice(0, kept).join('\n')}\n`);
      expect(await store.read(run)).toEqual({ records: [first] });
    }
    const [next] = await record(resumed('Ed'));
    expect(next?.n).toBe(2);
    expect(await store.read(run)).toEqual({ records: [first, next] });
  });

  it('does not hear a writer that had lost the run to a later one', async () => {
    const [first] = await record(resumed('Ada'));
    const [second] = await record(resumed('Bo'));
    const place = { n: 2, epoch: 1, at: clock.now(), cause: [1] };
    await appendFile(journal, writeLine({ ...place, event: resumed('late') }, '{"by":"late"}', 'last'));
    const [third] = await record(resumed('Cy'));
    expect(await store.read(run)).toEqual({ records: [first, second, third] });
    expect(third?.n).toBe(3);
  });
});

function beginOf(bytes: Buffer, line: number): number {
  return line === 0 ? 0 : bytes.indexOf('\n', beginOf(bytes, line - 1)) + 1;
}

/** The file handles of this process, to let the disk fail. */
async function handles(): Promise<FileHandle> {
  const file = await open(import.meta.filename);
  await file.close();
  return Object.getPrototypeOf(file);
}

describe('the writer of a journal on disk', () => {
  let root: string;
  let folder: string;
  let store: RunStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cairn-writer-'));
    folder = join(root, '.cairn', 'runs', run);
    store = openRunStore(root, { clock: new ManualClock() });
    await store.create(run);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('writes nothing more once its lock is gone', async () => {
    const { journal } = await take(store, run);
    const [first] = await journal.append([resumed('Ada')]);
    await rm(join(folder, 'lock'), { recursive: true });
    await expect(journal.append([resumed('Bo')])).rejects.toMatchObject({
      failure: { code: 'journal.fenced' },
    });
    const next = await take(store, run);
    await expect(journal.append([resumed('Cy')])).rejects.toMatchObject({
      failure: { code: 'journal.fenced' },
    });
    expect(await store.read(run)).toEqual({ records: [first] });
    expect(next.epoch).toBe(2);
  });

  it('stops when somebody else has written into its file', async () => {
    const { journal } = await take(store, run);
    await journal.append([resumed('Ada')]);
    await appendFile(join(folder, 'journal.jsonl'), 'x');
    await expect(journal.append([resumed('Bo')])).rejects.toMatchObject({
      failure: { code: 'journal.fenced' },
    });
  });

  it.each([
    ['whole', Infinity],
    ['in part', 30],
    ['not at all', 0],
  ])(
    'stops for good when a flush fails, and the next goes on from what is on disk: %s',
    async (_what, kept) => {
      const path = join(folder, 'journal.jsonl');
      const lease = await take(store, run);
      const [first] = await lease.journal.append([resumed('Ada')]);
      const begin = (await readFile(path)).length;
      const file = await handles();
      const { write } = file;
      const flush = vi.spyOn(file, 'write');
      onTestFinished(() => flush.mockRestore());
      // The bytes reached the system, and the system could not say that they are on the disk.
      flush.mockImplementationOnce(async function (this: FileHandle, bytes: Buffer) {
        await Reflect.apply(write, this, [bytes, 0]);
        throw new Error('EIO');
      } as never);
      const unsure = lease.journal.append([resumed('Bo')]);
      await expect(unsure).rejects.toMatchObject({ failure: { code: 'file.failed' } });
      await expect(lease.journal.append([resumed('Cy')])).rejects.toMatchObject({
        failure: { code: 'file.failed' },
      });
      await truncate(path, Math.min(begin + kept, (await readFile(path)).length));
      await lease.release();
      const found = (await store.read(run)).records;
      expect(found.map(({ n }) => n)).toEqual(kept === Infinity ? [1, 2] : [1]);
      const [next] = await (await take(store, run)).journal.append([resumed('Di')]);
      expect(await store.read(run)).toEqual({ records: [first, ...found.slice(1), next] });
    },
  );

  it('stops for good on a full disk, and what half a line is left of it is cut', async () => {
    const lease = await take(store, run);
    const [first] = await lease.journal.append([resumed('Ada')]);
    const file = await handles();
    const { write } = file;
    const spy = vi.spyOn(file, 'write');
    onTestFinished(() => spy.mockRestore());
    spy.mockImplementationOnce(async function (this: FileHandle, bytes: Buffer) {
      return await Reflect.apply(write, this, [bytes, 0, 20]);
    } as never);
    spy.mockRejectedValueOnce(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    for (const by of ['Bo', 'Cy']) {
      await expect(lease.journal.append([resumed(by)])).rejects.toMatchObject({
        failure: { code: 'file.failed', message: expect.stringContaining('ENOSPC') },
      });
    }
    await lease.release();
    const [next] = await (await take(store, run)).journal.append([resumed('Di')]);
    expect(await store.read(run)).toEqual({ records: [first, next] });
  });

  it('acknowledges nothing more after a write that failed, and keeps what it had acknowledged', async () => {
    const lease = await take(store, run);
    const { journal } = lease;
    const [first] = await journal.append([resumed('Ada')]);
    await rm(join(folder, 'blobs'), { recursive: true });
    await writeFile(join(folder, 'blobs'), 'a file where a folder should be');
    const large = journal.append([resumed('x'.repeat(9_000))]);
    const behind = journal.append([resumed('Bo')]);
    await expect(large).rejects.toMatchObject({ failure: { code: 'file.failed' } });
    await expect(behind).rejects.toMatchObject({ failure: { code: 'file.failed' } });
    await expect(journal.append([resumed('Cy')])).rejects.toMatchObject({ failure: { code: 'file.failed' } });
    await lease.release();
    expect(await store.read(run)).toEqual({ records: [first] });
  });
});
