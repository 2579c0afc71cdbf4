import type { Finding } from './finding.ts';
import { triggerNotes } from '../base/failures/triggers.ts';
import type { ScheduleTrigger } from '../contracts/trigger.ts';
import type { ProgressOf } from '../contracts/trigger-state.ts';
import { dueAt, nextTime } from '../engine/schedule.ts';

const dayMs = 24 * 60 * 60_000;

/** The times of a schedule that are to be run now. */
export function findDue(
  trigger: ScheduleTrigger,
  progress: ProgressOf<'schedule'> | undefined,
  nowMs: number,
): Finding {
  const finding = { found: [], notes: [], nextMs: nextTime(trigger, nowMs) };
  const fromNow = { kind: 'schedule', seenMs: nowMs } as const;
  if (!progress) return { ...finding, progress: fromNow };
  // A clock that was wrong by that much would keep the schedule silent for as long.
  if (progress.seenMs > nowMs + dayMs)
    return { ...finding, progress: fromNow, notes: [triggerNotes.clockWasAhead()] };
  const { times, passedOver, more } = dueAt(trigger, { seenMs: progress.seenMs, nowMs });
  if (times.length + passedOver === 0) return { ...finding, progress };
  return {
    ...finding,
    progress: fromNow,
    found: times.map((atMs) => ({
      occurrence: { kind: 'schedule', atMs },
      outside: false,
      after: [],
    })),
    notes: passedOver > 0 ? [triggerNotes.passedOver(passedOver, more)] : [],
  };
}
