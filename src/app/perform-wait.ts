import { Cron } from 'croner';
import { StepScope } from './step-scope.ts';
import { expandingFailures } from '../base/failures/expanding.ts';
import { namesNoDay } from '../base/time-of-day.ts';
import type { Wait } from '../contracts/run.ts';
import type { WaitFor, WaitStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

type Timed = Exclude<WaitFor, { is: 'occurrence' }>;

/** Finds out what exactly a step waits for; the engine waits for it, however long that is. */
export function performWait(
  { state, step }: StepTask & { readonly step: WaitStep },
  wanted: Timed,
  nowMs: number,
): StepOutcome {
  const wait = waitFor(wanted, new StepScope(state, step), nowMs);
  return { is: 'waiting', input: { for: wait.for }, wait };
}

function waitFor(wanted: Timed, scope: StepScope, nowMs: number): Wait {
  switch (wanted.is) {
    case 'time':
      return { for: 'time', untilMs: nowMs + wanted.ms };
    case 'moment': {
      const until = scope.text(wanted.until, 'wait.until');
      return { for: 'time', untilMs: momentOf(until, wanted.timezone, scope, nowMs) };
    }
    case 'event':
      return { for: 'event', event: wanted.event, ...expiry(wanted, nowMs) };
    case 'answer': {
      const question = scope.text(wanted.question, 'wait.decision');
      return { for: 'answer', question, options: wanted.options, ...expiry(wanted, nowMs) };
    }
  }
}

/** A moment that has passed is waited for no longer. Throws `definition.invalid` for what is no moment. */
function momentOf(until: string, timezone: string | undefined, scope: StepScope, nowMs: number): number {
  // Whoever reads it otherwise would wait for a day of the next month.
  if (namesNoDay(until)) throw expandingFailures.noMoment(scope.place, until, 'its month has no such day');
  const absolute = /(Z|[+-]\d\d:\d\d)$/.test(until) ? Date.parse(until) : Number.NaN;
  if (!Number.isNaN(absolute)) return absolute;
  try {
    const fits = new Cron(until.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T'), { timezone: timezone ?? 'UTC' });
    const next = fits.nextRun(new Date(nowMs))?.getTime();
    if (next !== undefined) return next;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw expandingFailures.noMoment(scope.place, until, why);
  }
  if (/^\d{4}-/.test(until)) return nowMs;
  throw expandingFailures.noMoment(scope.place, until, 'it never comes');
}

/** When a wait that begins now is given up, and what counts then. */
export function expiry(
  wanted: { withinMs?: number | undefined; otherwise?: string | undefined },
  nowMs: number,
) {
  const { withinMs, otherwise } = wanted;
  return {
    ...(withinMs === undefined ? {} : { untilMs: nowMs + withinMs }),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}
