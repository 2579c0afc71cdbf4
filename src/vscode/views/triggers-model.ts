import type { TriggerListing, TriggerSummary } from '../../app/cairn.ts';
import type { Failure } from '../../base/failure.ts';
import { ageText, untilText } from '../../protocol/wording.ts';

const icons = { schedule: 'watch', file: 'file', connector: 'plug' } as const;

export function triggerSign({ kind, problem }: TriggerSummary): string {
  return problem ? 'error' : icons[kind];
}

/** What a trigger waits for, when it fired last, and what is wrong. */
export function triggerLine(one: TriggerSummary, nowMs: number): string {
  const { kind, nextMs, fired, waiting, problem, kept } = one;
  if (problem) return [problem.message, problem.remedy].filter(Boolean).join(' ');
  const next =
    nextMs === undefined
      ? kept
        ? 'waits for a file'
        : 'not looked at yet'
      : `${kind === 'schedule' ? 'next' : 'looks'} ${untilText(nextMs, nowMs)}`;
  const last = fired ? `last ${ageText(fired.atMs, nowMs)}` : 'never yet';
  return [next, last, ...(waiting > 0 ? [`${waiting} due and not started yet`] : [])].join(' · ');
}

/** A workflow whose triggers cannot be read, so that none of them starts anything. */
export function brokenTrigger({ message, remedy, at }: Failure): { label: string; detail: string } {
  const label = at?.file.slice(at.file.lastIndexOf('/') + 1) ?? 'A workflow';
  return { label, detail: [message, remedy].filter(Boolean).join(' ') };
}

/** Who keeps the triggers; `own` is the number of this process. */
export function keeperLine({ keeper }: TriggerListing, own: number): string {
  if (!keeper) return 'No process keeps them now, so nothing is started';
  return keeper.pid === own
    ? 'Kept by this window'
    : `Kept by another window or worker (process ${keeper.pid})`;
}
