import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import { executeRun } from '../../src/engine/execution.ts';
import { RunFold } from '../../src/engine/fold.ts';
import type { EnginePorts, StepOutcome } from '../../src/engine/ports.ts';
import { memoryRunStore } from '../../src/workspace/memory-run-store.ts';
import { someFailure, startOf } from '../fixtures/recorded-run.ts';

const run = '20260105-orders-ab12';
const never = () => Promise.reject(new Error('nothing is applied'));
const fails: StepOutcome = { is: 'failed', failure: { ...someFailure, retry: 'operator' }, cost: noCost };

test('P2: a retry is obeyed once, though its process dies between the flush and the acknowledgement and the step fails again', async () => {
  const store = memoryRunStore({ clock: systemClock });
  await store.create(run);
  const starting = await store.lease(run);
  if (starting === 'held') throw new Error('held');
  await starting.journal.append([
    startOf([
      {
        kind: 'connector',
        id: 'a',
        name: 'a',
        needs: [],
        timeoutMs: 60_000,
        maxAttempts: 1,
        connector: 'c',
        operation: 'o',
        with: {},
      },
    ]),
  ]);
  await starting.release();
  let attempts = 0;
  const live = async (acknowledge: EnginePorts['orders']['acknowledge']) => {
    const fold = new RunFold(run);
    const lease = await store.lease(run, (record) => fold.apply(record));
    if (lease === 'held') throw new Error('held');
    const perform = async () => {
      attempts += 1;
      return fails;
    };
    const workshop = {
      perform,
      askPolicy: () => ({ then: 'ask', why: '' }) as const,
      prepareApply: never,
      completeApply: never,
      recoverApply: never,
    };
    const orders = {
      pending: () => store.orders(run),
      acknowledge,
      onChange: (listener: () => void) => store.onOrder(run, listener),
    };
    const ports = {
      clock: systemClock,
      random: seededRandom(1),
      journal: lease.journal,
      workshop,
      orders,
      sleepUntil: () => Promise.resolve(),
    };
    const { signal } = new AbortController();
    await executeRun(ports, { fold, signal }).catch(() => undefined);
    await lease.release();
  };
  const acknowledged = (id: string) => store.acknowledge(run, id);
  await live(acknowledged);
  expect(attempts).toBe(1);
  await store.order(run, { kind: 'retry', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', who: 'Ada' });
  // It dies before it can say that it has obeyed; the next one only makes the attempt, which fails again.
  await live(() => Promise.reject(new Error('killed')));
  await live(() => Promise.reject(new Error('killed')));
  await live(acknowledged);
  expect(attempts).toBe(2);
  const { records } = await store.read(run);
  expect(records.filter(({ event }) => event.type === 'step.retried')).toMatchObject([
    { order: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
  ]);
  expect(await store.orders(run)).toEqual([]);
});
