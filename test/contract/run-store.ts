import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeHearing, describeStamps, describeWatchOfOne } from './run-store-changes.ts';
import { completed, failure, resumed, retry, run, started, stop, take } from './run-store-events.ts';
import { describeLeases } from './run-store-leases.ts';
import type { Disposable } from '../../src/base/disposable.ts';
import type { ManualClock } from '../../src/base/clock.ts';
import type { RunEvent } from '../../src/contracts/journal.ts';
import type { RunOrder, RunStore } from '../../src/contracts/runs.ts';

export interface RunStoreUnderTest {
  readonly store: RunStore;
  readonly clock: ManualClock;
  close(): Promise<void>;
}

/** What every store of runs has to do, on disk or in memory. */
export function describeRunStore(name: string, open: () => Promise<RunStoreUnderTest>): void {
  describe(`a store of runs (${name})`, () => {
    let opened: RunStoreUnderTest;
    let store: RunStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    describe('its list', () => {
      describeList(() => store);
    });
    describe('its journals', () => {
      describeJournals(() => opened);
    });
    describe('what its journals keep', () => {
      describeContent(() => opened);
    });
    describe('watching one of its runs', () => {
      describeWatchOfOne(() => store);
    });
    describe('orders to its runs', () => {
      describeHearing(() => store);
    });
    describe('its stamps', () => {
      describeStamps(() => store);
    });
    describe('its leases', () => {
      describeLeases(() => store);
    });
    describe('its orders', () => {
      describeOrders(() => store);
    });
    describe('its changes', () => {
      describeChanges(() => store);
    });
  });
}

function describeList(at: () => RunStore): void {
  it('creates a run once', async () => {
    expect(await at().create(run)).toBe(true);
    expect(await at().create(run)).toBe(false);
    expect(await at().list()).toEqual([run]);
    expect(await at().read(run)).toEqual({ records: [] });
  });

  it('lists no run before the first', async () => {
    expect(await at().list()).toEqual([]);
  });

  it('lists the newest day first', async () => {
    for (const id of ['20260105-a-0001', '20260107-a-0002', '20260106-z-0003']) await at().create(id);
    expect(await at().list()).toEqual(['20260107-a-0002', '20260106-z-0003', '20260105-a-0001']);
  });

  it.each(['20260105-unknown-zzzz', '../outside', 'a/b', '', '.', 'UPPER'])(
    'knows no run “%s”',
    async (unknown) => {
      const asked = [
        () => at().read(unknown),
        () => at().lease(unknown),
        () => at().isHeld(unknown),
        () => at().order(unknown, retry('01A')),
        () => at().orders(unknown),
        () => at().acknowledge(unknown, '01A'),
      ];
      for (const ask of asked) await expect(ask()).rejects.toMatchObject(failure('run.missing'));
    },
  );

  it.each(['../outside', 'a/b', '', '.', 'UPPER', 'a'.repeat(200)])('creates no run “%s”', async (bad) => {
    await expect(at().create(bad)).rejects.toMatchObject(failure('run.missing'));
  });
}

function describeJournals(at: () => RunStoreUnderTest): void {
  it('reads back what was acknowledged, with its place and time', async () => {
    const { store, clock } = at();
    await store.create(run);
    const lease = await take(store, run);
    const { journal } = lease;
    const first = await journal.append([resumed('Ada'), started('plan')]);
    clock.advance(1_500);
    const second = await journal.append([completed]);
    expect([...first, ...second].map(({ n, epoch }) => [n, epoch])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(second[0]?.at).toBe(clock.now());
    expect((await store.read(run)).records).toEqual([...first, ...second]);
    await lease.release();
  });

  it('names the record of the same step before as the cause, else the latest record', async () => {
    const { store } = at();
    await store.create(run);
    const { journal } = await take(store, run);
    const records = await journal.append([
      resumed('Ada'),
      started('plan'),
      started('fetch'),
      started('plan', 2),
    ]);
    expect(records.map(({ cause }) => cause)).toEqual([[], [1], [2], [2]]);
    expect((await journal.append([completed]))[0]?.cause).toEqual([4]);
  });

  it('numbers appends of the same moment in their order', async () => {
    const { store } = at();
    await store.create(run);
    const { journal } = await take(store, run);
    const names = Array.from({ length: 40 }, (_, index) => `writer ${index}`);
    const appended = await Promise.all(names.map((by) => journal.append([resumed(by)])));
    expect(appended.flat().map(({ n }) => n)).toEqual(names.map((_, index) => index + 1));
    expect((await store.read(run)).records).toEqual(appended.flat());
  });
}

function describeContent(at: () => RunStoreUnderTest): void {
  it('hands back events as a reader will find them', async () => {
    const { store } = at();
    await store.create(run);
    const { journal } = await take(store, run);
    const data = { key: 'k', proposal: undefined };
    const event: RunEvent = { type: 'step.started', step: 'plan', attempt: 1, data };
    const [record] = await journal.append([event]);
    expect(record?.event).toStrictEqual({
      type: 'step.started',
      step: 'plan',
      attempt: 1,
      data: { key: 'k' },
    });
    expect((await store.read(run)).records).toStrictEqual([record]);
  });

  it('refuses an event that could not be read again, and goes on', async () => {
    const { store } = at();
    await store.create(run);
    const { journal } = await take(store, run);
    const broken: RunEvent = { type: 'apply.completed', data: { n: Number.NaN, commit: 'c' } };
    await expect(journal.append([completed, broken])).rejects.toMatchObject(failure('internal'));
    const [record] = await journal.append([completed]);
    expect(record?.n).toBe(1);
    expect((await store.read(run)).records).toEqual([record]);
  });

  it('keeps data of any size and any letters', async () => {
    const { store } = at();
    await store.create(run);
    const { journal } = await take(store, run);
    const texts = ['', '\n\u2028\u0000"\\', 'Grüße 🪨 '.repeat(20_000), '\ud800'];
    await journal.append(texts.map(resumed));
    const { records } = await store.read(run);
    expect(records.map(({ event }) => event)).toEqual(texts.map(resumed));
  });

  it('resolves an empty append', async () => {
    await at().store.create(run);
    expect(await (await take(at().store, run)).journal.append([])).toEqual([]);
  });

  it('is the concatenation of all appends, over any number of leases', async () => {
    const appends = fc.array(fc.array(fc.string().map(resumed), { maxLength: 4 }), { maxLength: 5 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(appends, { maxLength: 4 }), async (leases) => {
        const { store } = at();
        round += 1;
        const id = `20260105-property-${round}`;
        await store.create(id);
        for (const ofLease of leases) {
          const lease = await take(store, id);
          await Promise.all(ofLease.map((events) => lease.journal.append(events)));
          await lease.release();
        }
        const { records, corrupt } = await store.read(id);
        expect(corrupt).toBeUndefined();
        expect(records.map(({ event }) => event)).toEqual(leases.flat(2));
        expect(records.map(({ n }) => n)).toEqual(records.map((_, index) => index + 1));
      }),
      { numRuns: 25 },
    );
  });
}

function describeOrders(at: () => RunStore): void {
  const decide: RunOrder = {
    kind: 'decide',
    id: '01B',
    n: 1,
    version: 2,
    commit: 'a'.repeat(40),
    verdict: 'changes',
    who: 'Ada',
    comment: 'Shorter, please.',
  };

  it('keeps orders, oldest first, until they are acknowledged', async () => {
    await at().create(run);
    for (const order of [retry('01C'), decide, stop('01A')]) {
      await at().order(run, order);
    }
    expect((await at().orders(run)).map(({ id }) => id)).toEqual(['01A', '01B', '01C']);
    await at().acknowledge(run, '01A');
    expect(await at().orders(run)).toEqual([decide, retry('01C')]);
  });

  it('takes the same id for the same order', async () => {
    await at().create(run);
    await at().order(run, retry('01A'));
    await at().order(run, { ...retry('01A'), who: 'Somebody else' });
    expect(await at().orders(run)).toEqual([retry('01A')]);
  });

  it('does not mind an order acknowledged twice, or never given', async () => {
    await at().create(run);
    await at().order(run, retry('01A'));
    for (const id of ['01A', '01A', '../journal', 'none']) await at().acknowledge(run, id);
    expect(await at().orders(run)).toEqual([]);
  });

  it.each([
    ['an id that is no file name', retry('../01A')],
    ['a commit that is none', { ...decide, commit: 'HEAD' }],
    ['an order of nobody', { ...stop('01A'), who: undefined }],
  ])('refuses %s', async (_what, order) => {
    await at().create(run);
    // @ts-expect-error: orders come from other processes too, which may be of any make
    await expect(at().order(run, order)).rejects.toMatchObject(failure('input.invalid'));
    expect(await at().orders(run)).toEqual([]);
  });
}

function describeChanges(at: () => RunStore): void {
  it('tells of an append, an order and an acknowledgement', async () => {
    await at().create(run);
    const { journal } = await take(at(), run);
    expect(await heardAfter(at(), () => journal.append([resumed('Ada')]))).toBe(run);
    expect(await heardAfter(at(), () => at().order(run, retry('01A')))).toBe(run);
    expect(await heardAfter(at(), () => at().acknowledge(run, '01A'))).toBe(run);
  });

  it('tells of runs created later', async () => {
    await at().create('20260101-first-0000');
    const change = async (): Promise<void> => {
      await at().create(run);
      await (await take(at(), run)).journal.append([resumed('Ada')]);
    };
    expect(await heardAfter(at(), change)).toBe(run);
  });

  it('tells once of a burst, and nothing after its disposal', async () => {
    await at().create(run);
    const { journal } = await take(at(), run);
    let heard = 0;
    let watching: Disposable | undefined;
    await new Promise<void>((resolve) => {
      watching = at().watch(() => {
        heard += 1;
        resolve();
      });
      void Promise.all(Array.from({ length: 100 }, () => journal.append([resumed('Ada')])));
    });
    watching?.dispose();
    expect(await heardAfter(at(), () => journal.append([resumed('Bo')]))).toBe(run);
    expect(heard).toBeLessThanOrEqual(2);
  });

  it('goes on when a listener throws', async () => {
    await at().create(run);
    const broken = at().watch(() => {
      throw new Error('a broken listener');
    });
    expect(await heardAfter(at(), () => at().order(run, retry('01A')))).toBe(run);
    broken.dispose();
  });
}

/** Resolves when the change is told of; the test's own time limit is the deadline. */
async function heardAfter(store: RunStore, change: () => Promise<unknown>): Promise<string> {
  let watching: Disposable | undefined;
  const heard = new Promise<string>((resolve) => {
    watching = store.watch((id) => {
      if (id === run) resolve(id);
    });
  });
  await change();
  const id = await heard;
  watching?.dispose();
  return id;
}
