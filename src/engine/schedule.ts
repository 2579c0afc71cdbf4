import { Cron } from 'croner';
import { limits } from '../base/limits.ts';
import { nearestName } from '../base/nearest-name.ts';
import type { ScheduleTrigger } from '../contracts/trigger.ts';

/** A cron expression in a time zone. */
export type Schedule = Pick<ScheduleTrigger, 'cron' | 'timezone'>;

export interface ScheduleFlaw {
  readonly key: 'cron' | 'timezone';
  /** What follows the name of the key. */
  readonly says: string;
  readonly remedy: string;
}

/** What has to be run now of the times of a schedule, oldest first, and how many are passed over. */
export interface Due {
  readonly times: readonly number[];
  readonly passedOver: number;
  /** Whether even more were passed over than were counted. */
  readonly more: boolean;
}

const cronRemedy =
  'Write five parts: minute, hour, day of the month, month, day of the week, such as “0 9 * * 1”.';

/** Why a schedule cannot be kept; nothing when it can. */
export function scheduleFlaw({ cron, timezone }: Schedule): ScheduleFlaw | undefined {
  if (!isZone(timezone)) {
    const nearest = nearestName(timezone, Intl.supportedValuesOf('timeZone'));
    const ask = nearest === undefined ? '.' : `; did you mean “${nearest}”?`;
    const remedy = `Write ${nearest === undefined ? 'a name such as “Europe/Berlin”' : `“${nearest}”`}, or leave it out for UTC.`;
    return { key: 'timezone', says: `names “${timezone}”, which is not a time zone${ask}`, remedy };
  }
  // A date would be read as a time that comes once.
  if (/^\d{4}-/.test(cron.trim()))
    return { key: 'cron', says: `is “${cron}”, a date, not a schedule.`, remedy: cronRemedy };
  try {
    if (nextTime({ cron, timezone }, 0) !== undefined) return undefined;
  } catch (thrown) {
    return {
      key: 'cron',
      says: `is “${cron}”, which is no schedule: ${reason(thrown)}.`,
      remedy: cronRemedy,
    };
  }
  return {
    key: 'cron',
    says: `is “${cron}”, a time that never comes.`,
    remedy: 'Name a day that its month has.',
  };
}

/** The first time after an instant; nothing when it never comes. */
export function nextTime(schedule: Schedule, afterMs: number): number | undefined {
  return cronOf(schedule).nextRun(new Date(afterMs))?.getTime();
}

/** The times after one instant up to another, this one with it: the newest, at most `limit`, oldest first. */
export function timesBetween(
  schedule: Schedule,
  { afterMs, untilMs, limit }: { readonly afterMs: number; readonly untilMs: number; readonly limit: number },
): readonly number[] {
  const cron = cronOf(schedule);
  // Times are whole seconds, and the newest before an instant is asked for.
  let beforeMs = Math.floor(untilMs / 1_000) * 1_000 + 1_000;
  const times: number[] = [];
  while (times.length < limit) {
    const newestMs = cron.previousRuns(1, new Date(beforeMs))[0]?.getTime();
    if (newestMs === undefined || newestMs <= afterMs) break;
    times.push(newestMs);
    beforeMs = newestMs;
  }
  return times.toReversed();
}

/**
 * What is due at an instant. A time that has only just come is always run; of those that passed while no Cairn was
 * open, none, the latest (when no other is due) or all, up to a limit.
 */
export function dueAt(
  trigger: ScheduleTrigger,
  { seenMs, nowMs }: { readonly seenMs: number; readonly nowMs: number },
): Due {
  const limit = limits.triggerCatchUps;
  const found = timesBetween(trigger, { afterMs: seenMs, untilMs: nowMs, limit: limit + 1 });
  const more = found.length > limit;
  const newest = found.slice(-limit);
  const fresh = newest.filter((atMs) => nowMs - atMs <= limits.triggerLateMs);
  const chosen = { none: fresh, latest: fresh.length > 0 ? fresh : newest.slice(-1), all: newest };
  const times = chosen[trigger.catchUp];
  return { times, passedOver: found.length - times.length, more };
}

/**
 * Fixed times (no `*`, no step in minute and hour) that a change to summer time leaves out come right after it, and
 * those that a change back repeats come once.
 */
function cronOf({ cron, timezone }: Schedule): Cron {
  return new Cron(cron, { timezone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' });
}

function isZone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).format(0) !== '';
  } catch {
    return false;
  }
}

function reason(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.replace(/^CronPattern: /, '').replace(/\.$/, '');
}
