import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { guardedConnect, guardedModel } from './guarded-calls.ts';
import { startOf } from '../../test/fixtures/recorded-run.ts';
import { systemClock } from '../base/clock.ts';
import { AppError, toFailure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { seededRandom } from '../base/random.ts';
import type { Connector } from '../contracts/connector.ts';
import type { ModelProvider, ModelRequest } from '../contracts/model.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Step } from '../contracts/workflow.ts';
import { wakesAtMs } from '../engine/wakes.ts';
import { executeRun } from '../engine/execution.ts';
import { RunFold } from '../engine/fold.ts';
import type { Workshop } from '../engine/ports.ts';
import { timelineOf } from '../insight/timeline.ts';
import { memoryRunStore } from '../workspace/memory-run-store.ts';

const down = () => new AppError({ code: 'model.unavailable', message: 'down', retry: 'later' });
const request = {} as ModelRequest;
const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 0, 5, 14, 0, 0).getTime() });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A model that is down for so many calls, and when it was called. */
class Outage implements ModelProvider {
  readonly id = 'gpt';
  label = 'gpt';
  readonly callsAtMs: number[] = [];
  readonly #failures: number;

  constructor(failures: number) {
    this.#failures = failures;
  }

  async complete() {
    this.callsAtMs.push(Date.now());
    if (this.callsAtMs.length <= this.#failures) throw down();
    const usage = { model: 'gpt', provider: 'gpt', tokensIn: 1, tokensOut: 1, costUsd: 0, durationMs: 1 };
    return { text: '{}', usage };
  }
}

describe('a guarded model', () => {
  it('that is down does not keep another one from being called', async () => {
    const model = new Outage(limits.outageFailures);
    const guarded = guardedModel(model);
    for (let i = 0; i < 2 * limits.outageFailures; i += 1)
      await expect(guarded.complete(request, signal)).rejects.toThrow();
    expect(model.callsAtMs).toHaveLength(limits.outageFailures);
    model.label = 'another';
    expect(guarded.label).toBe('another');
    expect(await guarded.complete(request, signal)).toMatchObject({ text: '{}' });
    model.label = 'gpt';
    await expect(guarded.complete(request, signal)).rejects.toThrow('The model gpt does not answer');
  });
});

describe('a guarded connector', () => {
  it('that is down is left alone by name, until it is configured otherwise', async () => {
    const read = vi.fn<Connector['read']>(() => Promise.reject(down()));
    const connect = guardedConnect((id) => ({ id, operations: ['items'], read }));
    const config = (folder: string) => ({ type: 'file-drop', folder }) as const;
    for (let i = 0; i < limits.outageFailures; i += 1)
      await expect(connect('inbox', config('a')).read('items', {})).rejects.toThrow('down');
    await expect(connect('inbox', config('a')).read('items', {})).rejects.toMatchObject({
      failure: {
        code: 'connector.failed',
        message: expect.stringContaining('The connector “inbox” does not answer since 14:00:00'),
        retryAfterMs: limits.outagePauseMs,
      },
    });
    expect(read).toHaveBeenCalledTimes(limits.outageFailures);
    await expect(connect('inbox', config('b')).read('items', {})).rejects.toThrow('down');
    await expect(connect('leads', config('a')).read('items', {})).rejects.toThrow('down');
    expect(connect('inbox', config('a')).operations).toEqual(['items']);
  });
});

describe('a run that meets an outage', () => {
  it.each([
    ['one step', 1],
    ['steps side by side', limits.stepsInParallel],
  ])(
    'of six failures with %s is completed when the model is back, and calls it no oftener than it may',
    async (_what, count) => {
      const model = new Outage(limits.outageFailures + 1);
      const { state, told } = await live(model, count);
      expect(state?.status.is).toBe('succeeded');
      expect(model.callsAtMs).toHaveLength(limits.outageFailures + 1 + count);
      const [opened = 0, tried = 0, back = 0] = model.callsAtMs.slice(limits.outageFailures - 1);
      expect(tried - opened).toBeGreaterThanOrEqual(limits.outagePauseMs);
      expect(back - tried).toBeGreaterThanOrEqual(2 * limits.outagePauseMs);
      expect(told).toContainEqual(expect.stringMatching(/^Waits until 14:0\d:\d\d to try .* again: .*$/));
    },
  );

  it('uses up none of its tries while the model is left alone', async () => {
    const model = new Outage(limits.outageFailures + 6);
    const { state } = await live(model, limits.stepsInParallel, 3);
    expect(state?.status.is).toBe('succeeded');
    const most = Math.max(...[...(state?.steps.values() ?? [])].map(({ attempts }) => attempts.length));
    expect(most).toBeGreaterThan(3);
    // A budget of attempts does not pay for the outage either.
    expect(state?.attempts).toBe(limits.outageFailures + limits.stepsInParallel);
  });

  it('spends its tries at the pace of the outage, and fails saying why when they are used up', async () => {
    const startMs = Date.now();
    const model = new Outage(Infinity);
    const { state } = await live(model, limits.stepsInParallel);
    expect(state?.status).toMatchObject({ is: 'failed', failure: { retry: 'later' } });
    const inTime = model.callsAtMs.filter((atMs) => atMs < startMs + limits.outagePauseMs);
    expect(inTime).toHaveLength(limits.outageFailures);
    expect(Date.now() - startMs).toBeGreaterThan(8 * limits.outagePauseMs);
  });
});

/** Executes a run of so many steps that each ask the model, and what its timeline told whenever it slept. */
async function live(model: ModelProvider, count: number, maxAttempts = 10) {
  const run = '20260105-outage-ab12';
  const store = memoryRunStore({ clock: systemClock });
  await store.create(run);
  const starting = await store.lease(run);
  if (starting === 'held') throw new Error('The lease is held');
  await starting.journal.append([
    startOf(Array.from({ length: count }, (_, i) => step(`s${i}`, maxAttempts))),
  ]);
  await starting.release();
  const fold = new RunFold(run);
  const lease = await store.lease(run, (record) => fold.apply(record));
  if (lease === 'held') throw new Error('The lease is held');
  const told: string[] = [];
  const sleepUntil = async (atMs: number) => {
    if (fold.state) told.push(timelineOf(fold.state, []).statusText);
    if (atMs > Date.now()) vi.setSystemTime(atMs);
  };
  const orders = {
    pending: () => store.orders(run),
    acknowledge: (id: string) => store.acknowledge(run, id),
    onChange: (listener: () => void) => store.onOrder(run, listener),
  };
  const random = seededRandom(1);
  const { journal } = lease;
  const workshop = asking(guardedModel(model));
  const ports = { clock: systemClock, random, journal, workshop, orders, sleepUntil };
  // A process does not stay for a time that is far: whoever is there then goes on.
  while ((await executeRun(ports, { fold, signal })) === 'waiting') {
    await sleepUntil((fold.state && wakesAtMs(fold.state)) ?? 0);
  }
  return { state: fold.state, told };
}

function step(id: string, maxAttempts: number): Step {
  return {
    kind: 'agent',
    id,
    name: id,
    needs: [],
    timeoutMs: 60_000,
    maxAttempts,
    agent: 'fetcher',
    with: { objective: '', read: [], recall: [], fetch: [], sections: [] },
    writes: [],
  };
}

/** Attempts that are one question to the model. */
function asking(model: ModelProvider): Workshop {
  const never = () => Promise.reject(new Error('nothing is applied'));
  return {
    perform: async (_task, attemptSignal) => {
      try {
        await model.complete(request, attemptSignal);
        return { is: 'done', input: {}, output: {}, cost: noCost, sources: [] };
      } catch (thrown) {
        return { is: 'failed', failure: toFailure(thrown), cost: noCost };
      }
    },
    askPolicy: () => ({ then: 'ask', why: '' }),
    prepareApply: never,
    completeApply: never,
    recoverApply: never,
  };
}
