import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { CircuitBreakerPolicy, IHalfOpenAfterBackoffContext } from 'cockatiel';
import { systemClock } from '../base/clock.ts';
import { AppError, type Failure } from '../base/failure.ts';
import type { Outage } from '../base/failures/outages.ts';
import { limits } from '../base/limits.ts';

/** A call that was interrupted says nothing about the other side. */
class Interrupted extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super('interrupted');
    this.thrown = thrown;
  }
}

/**
 * Leaves a side alone that does not answer. Some failures in a row that may pass `later` open it: calls fail at once,
 * for a time that grows. Then one call tries whether the side answers again, and the others wait for what comes of it.
 * Time is the system's, since that is what the library goes by.
 */
export class Breaker {
  readonly #refuse: (outage: Outage) => AppError;
  #policy = this.#policyFrom();
  /** Over when the one call that tries the side again is; never rejects. */
  #trial: Promise<void> | undefined;
  /** When the first of the failures in a row came. */
  #failingSinceMs: number | undefined;
  #pauseMs = 0;
  #untilMs = 0;

  /** `refuse` makes the failure of a call that is not made. */
  constructor(refuse: (outage: Outage) => AppError) {
    this.#refuse = refuse;
  }

  /** Throws what `work` throws, and what `refuse` makes when it is not called. */
  async call<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    while (this.#trial && !signal.aborted) await earlier(this.#trial, signal);
    signal.throwIfAborted();
    const before = this.#policy.toJSON();
    const made = this.#policy.execute(() => this.#heed(work, signal));
    if (this.#policy.state !== CircuitState.HalfOpen) return this.#told(made);
    const tried = made.catch((thrown: unknown) => this.#tried(thrown, before));
    const over = () => (this.#trial = undefined);
    this.#trial = tried.then(over, over);
    return this.#told(tried, { inOutage: true });
  }

  async #heed<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      const answer = await work();
      this.#failingSinceMs = undefined;
      return answer;
    } catch (thrown) {
      if (signal.aborted) throw new Interrupted(thrown);
      if (mayPass(thrown)) this.#failingSinceMs ??= systemClock.now();
      throw thrown;
    }
  }

  /** The library closes after a trial that threw anything but an outage, and goes on counting where it was. */
  #tried(thrown: unknown, before: unknown): never {
    if (this.#policy.state === CircuitState.Closed)
      this.#policy = thrown instanceof Interrupted ? this.#policyFrom(before) : this.#policyFrom();
    throw thrown;
  }

  /** What the caller is told. A failure in an outage says when the next call can be made, unless it knows better. */
  async #told<T>(made: Promise<T>, about: Pick<Failure, 'inOutage'> = {}): Promise<T> {
    try {
      return await made;
    } catch (thrown) {
      if (thrown instanceof Interrupted) throw thrown.thrown;
      if (thrown instanceof BrokenCircuitError) throw this.#refuse(this.#outage());
      if (!mayPass(thrown) || this.#policy.state !== CircuitState.Open) throw thrown;
      const { untilMs, nowMs } = this.#outage();
      throw new AppError(
        { retryAfterMs: untilMs - nowMs, ...thrown.failure, ...about },
        { cause: thrown.cause },
      );
    }
  }

  #outage(): Outage {
    const nowMs = systemClock.now();
    return { nowMs, sinceMs: this.#failingSinceMs ?? nowMs, untilMs: this.#untilMs };
  }

  /** Closed, or as it was `before`. */
  #policyFrom(before?: unknown): CircuitBreakerPolicy {
    const policy = circuitBreaker(handleWhen(mayPass), {
      breaker: new ConsecutiveBreaker(limits.outageFailures),
      halfOpenAfter: new DelegateBackoff((outage: IHalfOpenAfterBackoffContext) => {
        this.#pauseMs = pauseMs(outage);
        return this.#pauseMs;
      }),
      initialState: before,
    });
    policy.onBreak(() => {
      this.#untilMs = systemClock.now() + this.#pauseMs;
    });
    return policy;
  }
}

function mayPass(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && thrown.failure.retry === 'later';
}

/** Doubles with every trial that failed; as long as the other side asked for, within the same limits. */
function pauseMs({ attempt, result }: IHalfOpenAfterBackoffContext): number {
  const asked = 'error' in result && mayPass(result.error) ? (result.error.failure.retryAfterMs ?? 0) : 0;
  return Math.min(limits.outageLongestPauseMs, Math.max(asked, limits.outagePauseMs * 2 ** (attempt - 1)));
}

/** Resolves with whatever comes first. */
async function earlier(over: Promise<void>, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { signal: waiting.signal });
  });
  await Promise.race([over, aborted]);
  waiting.abort();
}
