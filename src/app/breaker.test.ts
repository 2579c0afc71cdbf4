import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Breaker } from './breaker.ts';
import { AppError } from '../base/failure.ts';
import type { RetryClass } from '../base/failure.ts';
import { outageFailures } from '../base/failures/outages.ts';
import { limits } from '../base/limits.ts';

const startMs = new Date(2026, 0, 5, 14, 0, 0).getTime();
const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
});
afterEach(() => {
  vi.useRealTimers();
});

const passBy = (byMs: number) => vi.setSystemTime(Date.now() + byMs);
const breakerOf = () => new Breaker((outage) => outageFailures.model('gpt', outage));
const failing = (retry: RetryClass, retryAfterMs?: number) => async (): Promise<string> => {
  const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
  throw new AppError({ code: 'model.unavailable', message: 'down', retry, ...asked });
};
const answering = async () => 'answer';
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof AppError ? thrown.failure : thrown),
  );

async function open(breaker: Breaker): Promise<void> {
  for (let i = 0; i < limits.outageFailures; i += 1) await failureOf(breaker.call(failing('later'), signal));
}

/** A call that ends when it is told to. */
function pending() {
  let resolve: (answer: string) => void = () => undefined;
  let reject: (thrown: Error) => void = () => undefined;
  const promise = new Promise<string>((answer, fail) => {
    resolve = answer;
    reject = fail;
  });
  return { work: () => promise, resolve, reject };
}

describe('a breaker', () => {
  it('opens at the failures in a row that may pass, and then calls nobody and says since when and until when', async () => {
    const breaker = breakerOf();
    for (let i = 1; i < limits.outageFailures; i += 1) {
      expect(await failureOf(breaker.call(failing('later'), signal))).not.toHaveProperty('retryAfterMs');
      passBy(1_000);
    }
    expect(await failureOf(breaker.call(failing('later'), signal))).toMatchObject({
      message: 'down',
      retryAfterMs: limits.outagePauseMs,
    });
    passBy(10_000);
    const work = vi.fn(answering);
    expect(await failureOf(breaker.call(work, signal))).toMatchObject({
      code: 'model.unavailable',
      message: 'The model gpt does not answer since 14:00:00; it is left alone until 14:00:34.',
      retry: 'later',
      retryAfterMs: limits.outagePauseMs - 10_000,
      kept: 'What the run has done so far is kept.',
    });
    expect(work).not.toHaveBeenCalled();
  });

  it('counts anew after an answer', async () => {
    const breaker = breakerOf();
    for (let i = 0; i < 3 * limits.outageFailures; i += 1) {
      const fails = (i + 1) % limits.outageFailures !== 0;
      const work = vi.fn(fails ? failing('later') : answering);
      await failureOf(breaker.call(work, signal));
      expect(work).toHaveBeenCalledOnce();
    }
  });

  it('does not count what would not pass by itself', async () => {
    const breaker = breakerOf();
    const others = [failing('operator'), failing('never'), () => Promise.reject(new Error('a bug'))];
    for (let i = 0; i < 3 * limits.outageFailures; i += 1)
      await failureOf(breaker.call(others[i % 3] ?? answering, signal));
    expect(await breaker.call(answering, signal)).toBe('answer');
  });

  it('keeps the wait that the other side asked for, and leaves it alone as long, within its limits', async () => {
    const breaker = breakerOf();
    const asking = async (askedMs: number) => {
      for (let i = 0; i < limits.outageFailures; i += 1) {
        const failure = await failureOf(breaker.call(failing('later', askedMs), signal));
        expect(failure).toMatchObject({ retryAfterMs: askedMs });
      }
      return failureOf(breaker.call(answering, signal));
    };
    expect(await asking(90_000)).toMatchObject({ retryAfterMs: 90_000 });
    passBy(90_000);
    await breaker.call(answering, signal);
    expect(await asking(3_600_000)).toMatchObject({ retryAfterMs: limits.outageLongestPauseMs });
  });

  it('lets one call try again while the others wait, and lets them go when it is answered', async () => {
    const breaker = breakerOf();
    await open(breaker);
    passBy(limits.outagePauseMs);
    const trial = pending();
    const tried = breaker.call(trial.work, signal);
    const work = vi.fn(answering);
    const others = [breaker.call(work, signal), breaker.call(work, signal)];
    await turns();
    expect(work).not.toHaveBeenCalled();
    trial.resolve('back');
    expect(await Promise.all([tried, ...others])).toEqual(['back', 'answer', 'answer']);
    passBy(60_000);
    await open(breaker);
    // The next outage is another one: it began later, and its first pause is the shortest again.
    expect(await failureOf(breaker.call(answering, signal))).toMatchObject({
      message: expect.stringContaining('since 14:01:30'),
      retryAfterMs: limits.outagePauseMs,
    });
  });

  it('fails those who waited when the one that tried has failed, and waits twice as long, up to the limit', async () => {
    const breaker = breakerOf();
    await open(breaker);
    let pauseMs: number = limits.outagePauseMs;
    for (let trials = 0; trials < 6; trials += 1) {
      passBy(pauseMs);
      pauseMs = Math.min(2 * pauseMs, limits.outageLongestPauseMs);
      const trial = pending();
      const tried = failureOf(breaker.call(trial.work, signal));
      const waited = failureOf(breaker.call(answering, signal));
      trial.reject(new AppError({ code: 'model.unavailable', message: 'still down', retry: 'later' }));
      expect(await tried).toMatchObject({ message: 'still down', retryAfterMs: pauseMs });
      expect(await waited).toMatchObject({
        message: expect.stringContaining('since 14:00:00'),
        retryAfterMs: pauseMs,
      });
    }
    expect(pauseMs).toBe(limits.outageLongestPauseMs);
  });

  it('closes when the one that tries is refused: somebody is there', async () => {
    const breaker = breakerOf();
    await open(breaker);
    passBy(limits.outagePauseMs);
    await failureOf(breaker.call(failing('operator'), signal));
    for (let i = 1; i < limits.outageFailures; i += 1)
      await failureOf(breaker.call(failing('later'), signal));
    expect(await breaker.call(answering, signal)).toBe('answer');
  });

  it('learns nothing from a call that is aborted', async () => {
    const breaker = breakerOf();
    for (let i = 0; i < 2 * limits.outageFailures; i += 1) await aborted(breaker);
    expect(await breaker.call(answering, signal)).toBe('answer');
    await open(breaker);
    passBy(limits.outagePauseMs);
    await aborted(breaker);
    // Neither closed nor opened anew: the next one is the one that tries.
    expect(await failureOf(breaker.call(failing('later'), signal))).toMatchObject({
      retryAfterMs: 2 * limits.outagePauseMs,
    });
  });

  it('lets go of an aborted call that waits for the one that tries', async () => {
    const breaker = breakerOf();
    await open(breaker);
    passBy(limits.outagePauseMs);
    const trial = pending();
    const tried = breaker.call(trial.work, signal);
    const controller = new AbortController();
    const work = vi.fn(answering);
    const waits = breaker.call(work, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(waits).rejects.toThrow('stopped');
    trial.resolve('back');
    await tried;
    expect(work).not.toHaveBeenCalled();
  });

  it('is open exactly when its last failures in a row say so, whatever happens', async () => {
    const step = fc.record({
      ends: fc.constantFrom<End>('answer', 'later', 'later', 'later', 'operator', 'abort'),
      afterMs: fc.constantFrom(0, 1_000, 29_999, 30_000, 60_000, 300_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const breaker = breakerOf();
        const model = new Expected();
        for (const { ends, afterMs } of steps) {
          passBy(afterMs);
          const called = vi.fn();
          await end(breaker, ends, called);
          expect(called.mock.calls.length === 1).toBe(model.isCalled(Date.now()));
          if (called.mock.calls.length === 1) model.note(ends, Date.now());
        }
      }),
      { numRuns: 300 },
    );
  });
});

type End = 'answer' | 'later' | 'operator' | 'abort';

/** What a breaker is to do, told in another way: it knows the failures, not the states. */
class Expected {
  #inARow = 0;
  #trials = 0;
  #untilMs = 0;

  isCalled(nowMs: number): boolean {
    return nowMs >= this.#untilMs;
  }

  note(end: End, nowMs: number): void {
    const trying = this.#untilMs > 0;
    if (end === 'answer' || (end === 'operator' && trying)) {
      this.#inARow = 0;
      this.#trials = 0;
      this.#untilMs = 0;
    }
    if (end !== 'later') return;
    this.#inARow += 1;
    if (this.#inARow < limits.outageFailures) return;
    this.#untilMs = nowMs + Math.min(limits.outagePauseMs * 2 ** this.#trials, limits.outageLongestPauseMs);
    this.#trials += 1;
  }
}

async function end(breaker: Breaker, ends: End, called: () => void): Promise<void> {
  if (ends === 'abort') return aborted(breaker, called);
  const work = ends === 'answer' ? answering : failing(ends);
  await failureOf(
    breaker.call(() => {
      called();
      return work();
    }, signal),
  );
}

/** A call that is aborted under way, and fails as a model that could not be reached. */
async function aborted(breaker: Breaker, called: () => void = () => undefined): Promise<void> {
  const controller = new AbortController();
  await failureOf(
    breaker.call(() => {
      called();
      controller.abort();
      return failing('later')();
    }, controller.signal),
  );
}

const turns = () => new Promise((resolve) => setImmediate(resolve));
