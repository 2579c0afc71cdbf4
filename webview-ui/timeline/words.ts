import type { BarStatus, StepRemedy, TimelineMark, TimelineView } from '../../src/protocol/timeline.ts';

interface Sign {
  /** A codicon's name. */
  readonly icon: string;
  readonly label: string;
}

export const barSigns: Readonly<Record<BarStatus, Sign>> = {
  pending: { icon: 'circle', label: 'Not started' },
  running: { icon: 'sync', label: 'Running' },
  waiting: { icon: 'bell', label: 'Waits for your decision' },
  retrying: { icon: 'history', label: 'Waits to try again' },
  succeeded: { icon: 'check', label: 'Done' },
  failed: { icon: 'error', label: 'Failed' },
  'sent-back': { icon: 'discard', label: 'Sent back' },
  skipped: { icon: 'debug-step-over', label: 'Skipped' },
  stopped: { icon: 'circle-slash', label: 'Stopped' },
};

export const remedySigns: Readonly<Record<StepRemedy, Sign>> = {
  'retry-step': { icon: 'refresh', label: 'Retry' },
  'edit-and-retry': { icon: 'edit', label: 'Edit Input…' },
  'skip-step': { icon: 'debug-step-over', label: 'Skip…' },
};

export const runSigns: Readonly<Record<TimelineView['status'], Sign>> = {
  running: { icon: 'sync', label: 'Running' },
  waiting: { icon: 'bell', label: 'Waiting' },
  succeeded: { icon: 'check', label: 'Completed' },
  failed: { icon: 'error', label: 'Failed' },
  stopped: { icon: 'circle-slash', label: 'Stopped' },
};

export const markSigns: Readonly<Record<TimelineMark['kind'], Sign>> = {
  approve: { icon: 'pass', label: 'Approved' },
  reject: { icon: 'error', label: 'Rejected' },
  changes: { icon: 'comment', label: 'Changes requested' },
  applied: { icon: 'git-commit', label: 'Committed' },
  blocked: { icon: 'warning', label: 'Not committed' },
  refused: { icon: 'warning', label: 'Decision not taken' },
  retried: { icon: 'refresh', label: 'Retried' },
  skipped: { icon: 'debug-step-over', label: 'Skipped' },
  resumed: { icon: 'debug-continue', label: 'Resumed' },
};
