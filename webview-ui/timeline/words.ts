import type { BarStatus, StepRemedy, TimelineMark, TimelineView } from '../../src/protocol/timeline.ts';
import { waitText } from '../../src/protocol/waits.ts';
import type { StepWait } from '../../src/protocol/waits.ts';

interface Sign {
  /** A codicon's name. */
  readonly icon: string;
  readonly label: string;
}

export const barSigns: Readonly<Record<BarStatus, Sign>> = {
  pending: { icon: 'circle', label: 'Not started' },
  running: { icon: 'sync', label: 'Running' },
  waiting: { icon: 'bell', label: 'Waiting' },
  retrying: { icon: 'history', label: 'Waits to try again' },
  succeeded: { icon: 'check', label: 'Done' },
  failed: { icon: 'error', label: 'Failed' },
  'sent-back': { icon: 'discard', label: 'Sent back' },
  skipped: { icon: 'debug-step-over', label: 'Skipped' },
  stopped: { icon: 'circle-slash', label: 'Stopped' },
};

const waitIcons: Readonly<Record<StepWait['for'], string>> = {
  decision: 'bell',
  answer: 'question',
  event: 'broadcast',
  occurrence: 'eye',
  time: 'watch',
  retry: 'history',
};

/** What a bar looks like, and is called; while it waits, by what for. */
export function signOf(
  bar: { readonly status: BarStatus; readonly wait?: StepWait | undefined },
  nowMs: number,
): Sign {
  const { status, wait } = bar;
  if (!wait || status === 'retrying') return barSigns[status];
  const text = waitText(wait, nowMs);
  return { icon: waitIcons[wait.for], label: text.charAt(0).toUpperCase() + text.slice(1) };
}

export const remedySigns: Readonly<Record<StepRemedy, Sign>> = {
  'retry-step': { icon: 'refresh', label: 'Retry' },
  'edit-and-retry': { icon: 'edit', label: 'Edit Input…' },
  'take-step': { icon: 'person', label: 'Do It Myself' },
  'skip-step': { icon: 'debug-step-over', label: 'Skip…' },
};

const runSigns: Readonly<Record<TimelineView['status'], Sign>> = {
  running: { icon: 'sync', label: 'Running' },
  waiting: { icon: 'bell', label: 'Waiting' },
  succeeded: { icon: 'check', label: 'Completed' },
  failed: { icon: 'error', label: 'Failed' },
  stopped: { icon: 'circle-slash', label: 'Stopped' },
};

/** What a run looks like; while it waits, by what for. */
export function runSignOf({ status, waits: [first] }: TimelineView): Sign {
  const sign = runSigns[status];
  return status === 'waiting' && first ? { ...sign, icon: waitIcons[first.wait.for] } : sign;
}

export const markSigns: Readonly<Record<TimelineMark['kind'], Sign>> = {
  approve: { icon: 'pass', label: 'Approved' },
  reject: { icon: 'error', label: 'Rejected' },
  changes: { icon: 'comment', label: 'Changes requested' },
  applied: { icon: 'git-commit', label: 'Committed' },
  blocked: { icon: 'warning', label: 'Not committed' },
  refused: { icon: 'warning', label: 'Decision not taken' },
  retried: { icon: 'refresh', label: 'Retried' },
  skipped: { icon: 'debug-step-over', label: 'Skipped' },
  reminded: { icon: 'bell', label: 'Reminded' },
  signalled: { icon: 'broadcast', label: 'Happened' },
  resumed: { icon: 'debug-continue', label: 'Resumed' },
};
