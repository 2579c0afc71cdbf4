import { AppError, type FailureCode } from '../failure.ts';
import { timeOfDay } from '../time-of-day.ts';

/** A side that does not answer, and is left alone for a while. Milliseconds since the Unix epoch. */
export interface Outage {
  readonly nowMs: number;
  /** When the first of the failures in a row came. */
  readonly sinceMs: number;
  /** When it is tried again. */
  readonly untilMs: number;
}

/** What a person is told of a call that was not made, since the other side does not answer (promise P11). */
export const outageFailures = {
  model: (label: string, outage: Outage) =>
    failure('model.unavailable', `The model ${label}`, {
      outage,
      remedy: 'Check the connection, or choose another model with “Cairn: Configure Models”.',
    }),

  connector: (id: string, outage: Outage) =>
    failure('connector.failed', `The connector “${id}”`, {
      outage,
      remedy: `Check the connection and .cairn/connectors/${id}.yaml.`,
    }),
} as const;

function failure(
  code: FailureCode,
  who: string,
  { outage: { nowMs, sinceMs, untilMs }, remedy }: { readonly outage: Outage; readonly remedy: string },
): AppError {
  const since = timeOfDay(sinceMs, nowMs);
  const until = timeOfDay(untilMs, nowMs);
  return new AppError({
    code,
    message: `${who} does not answer since ${since}; it is left alone until ${until}.`,
    retry: 'later',
    retryAfterMs: Math.max(0, untilMs - nowMs),
    inOutage: true,
    kept: 'What the run has done so far is kept.',
    remedy,
  });
}
