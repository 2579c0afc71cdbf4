import type { BarStatus, TimelineMark, TimelineView } from '../../src/protocol/timeline.ts';

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
  stopped: { icon: 'circle-slash', label: 'Stopped' },
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
  resumed: { icon: 'debug-continue', label: 'Resumed' },
};
