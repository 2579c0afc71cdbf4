import { expect, it, onTestFinished } from 'vitest';
import { completed, resumed, run, stop, take } from './run-store-events.ts';
import type { RunStore } from '../../src/contracts/runs.ts';

export function describeWatchOfOne(store: () => RunStore): void {
  it('tells of one run alone when it is asked for one', async () => {
    const other = '20260105-content-loop-zz99';
    await store().create(run);
    await store().create(other);
    const told: string[] = [];
    const heard = new Promise<void>((resolve) => {
      const watching = store().watch((changed) => {
        told.push(changed);
        resolve();
      }, run);
      onTestFinished(() => watching.dispose());
    });
    await store().order(other, stop('01ARZ3NDEKTSV4RRFFQ69G5FAV'));
    await store().order(run, stop('01ARZ3NDEKTSV4RRFFQ69G5FAW'));
    await heard;
    expect(new Set(told)).toEqual(new Set([run]));
  });
}

export function describeStamps(store: () => RunStore): void {
  it('change with every append and with nothing else', async () => {
    await store().create(run);
    const empty = await store().stamp(run);
    const lease = await take(store(), run);
    await lease.journal.append([resumed('one')]);
    const one = await store().stamp(run);
    expect(await store().stamp(run)).toBe(one);
    await lease.journal.append([completed]);
    const two = await store().stamp(run);
    expect(new Set([empty, one, two]).size).toBe(3);
    await store().order(run, stop('01ARZ3NDEKTSV4RRFFQ69G5FAV'));
    expect(await store().stamp(run)).toBe(two);
  });
}

/** What the process that executes a run hears. */
export function describeHearing(store: () => RunStore): void {
  it('are told of when they are put down', async () => {
    await store().create(run);
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const watching = store().onOrder(run, () => hear());
    onTestFinished(() => watching.dispose());
    await store().order(run, stop('01ARZ3NDEKTSV4RRFFQ69G5FAV'));
    await heard;
    expect(await store().orders(run)).toHaveLength(1);
  });
}
