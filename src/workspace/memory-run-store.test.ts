import { describe, expect, it } from 'vitest';
import { describeRunStore } from '../../test/contract/run-store.ts';
import { take } from '../../test/contract/run-store-events.ts';
import { ManualClock } from '../base/clock.ts';
import { memoryRunStore } from './memory-run-store.ts';

describeRunStore('in memory', async () => {
  const clock = new ManualClock();
  return { store: memoryRunStore({ clock }), clock, close: async () => undefined };
});

describe('a crash of the store in memory', () => {
  it('loses what was not acknowledged, keeps the rest, and lets the lease fall', async () => {
    const store = memoryRunStore({ clock: new ManualClock() });
    await store.create('run');
    const first = await take(store, 'run');
    await first.journal.append([{ type: 'run.resumed', data: { by: 'Ada' } }]);
    const underWay = first.journal.append([{ type: 'run.completed', data: {} }]);
    store.crash();
    await expect(underWay).rejects.toMatchObject({ failure: { code: 'journal.fenced' } });

    const second = await take(store, 'run');
    await second.journal.append([{ type: 'run.resumed', data: { by: 'Bo' } }]);
    const { records } = await store.read('run');
    expect(records.map(({ n, epoch }) => [n, epoch])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });
});
