import { timeOfDay } from '../base/time-of-day.ts';
import type { RunState } from '../contracts/run.ts';

/** What a run waits for by itself: the next of the steps that are tried again. */
export interface NextTry {
  readonly atMs: number;
  /** All steps that wait for another try, by name. */
  readonly steps: readonly string[];
  /** Why the one that is due first has failed. */
  readonly why?: string | undefined;
}

/** The next try of a run that goes on by itself later; nothing when no step waits for one. */
export function nextTryOf({ steps }: RunState): NextTry | undefined {
  const retrying = [...steps.values()].flatMap(({ step, status, attempts }) => {
    if (status.is !== 'retrying') return [];
    return [{ name: step.name, atMs: status.atMs, why: attempts.at(-1)?.failure?.message }];
  });
  const [first] = retrying.toSorted((a, b) => a.atMs - b.atMs);
  return first && { atMs: first.atMs, steps: retrying.map(({ name }) => name), why: first.why };
}

/** `until 14:03:10 to try Draft again: No answer.` */
export function nextTryText({ atMs, steps, why }: NextTry, nowMs: number): string {
  const again = `until ${timeOfDay(atMs, nowMs)} to try ${steps.join(', ')} again`;
  return why === undefined ? again : `${again}: ${why}`;
}
