import type { RunSummary } from '../../app/cairn.ts';
import { timeOfDay } from '../../base/time-of-day.ts';
import { nextTryText } from '../../insight/next-try.ts';
import type { BarStatus, TimelineBar, TimelineView } from '../../protocol/timeline.ts';
import { ageText, countText, durationText, moneyText } from '../../protocol/wording.ts';

/** A theme icon's name and colour. */
export interface Sign {
  readonly icon: string;
  readonly color?: string;
  readonly label: string;
}

export const runSigns: Readonly<Record<RunSummary['status']['is'], Sign>> = {
  running: { icon: 'sync~spin', color: 'charts.blue', label: 'running' },
  waiting: { icon: 'bell', color: 'charts.yellow', label: 'waiting' },
  succeeded: { icon: 'pass', color: 'charts.green', label: 'completed' },
  failed: { icon: 'error', color: 'charts.red', label: 'failed' },
  stopped: { icon: 'circle-slash', label: 'stopped' },
};

/** A run whose process is gone; this window takes it over in a moment, a folder that is not trusted keeps it so. */
export const leftSign: Sign = { icon: 'debug-disconnect', color: 'charts.orange', label: 'interrupted' };

export const stepSigns: Readonly<Record<BarStatus, Sign>> = {
  pending: { icon: 'circle-outline', label: 'not started' },
  running: { icon: 'sync~spin', color: 'charts.blue', label: 'running' },
  waiting: { icon: 'bell', color: 'charts.yellow', label: 'waits for your decision' },
  retrying: { icon: 'history', color: 'charts.orange', label: 'waits to try again' },
  succeeded: { icon: 'pass', color: 'charts.green', label: 'done' },
  failed: { icon: 'error', color: 'charts.red', label: 'failed' },
  'sent-back': { icon: 'discard', color: 'charts.purple', label: 'sent back' },
  skipped: { icon: 'debug-step-over', label: 'skipped' },
  stopped: { icon: 'circle-slash', label: 'stopped' },
};

/** What may be done with a run; the `contextValue` that menus go by. */
export function runContext({ status, left, archived }: RunSummary): string {
  if (archived) return 'run.archived';
  return left ? 'run.left' : `run.${status.is}`;
}

/** Begins with what matters now: what it waits for, why it failed, how far it is. */
export function runDescription(run: RunSummary, nowMs: number): string {
  return [
    stateText(run, nowMs),
    ...(run.archived ? ['archived'] : []),
    ...(run.cost.usd > 0 ? [moneyText(run.cost.usd)] : []),
    ageText(run.startedAtMs, nowMs),
  ].join(' · ');
}

function stateText({ status, left, progress, nextTry }: RunSummary, nowMs: number): string {
  if (left) return 'interrupted';
  switch (status.is) {
    case 'running': {
      const steps = `${progress.done} of ${progress.of} steps`;
      return nextTry ? `${steps} · waits ${nextTryText(nextTry, nowMs)}` : steps;
    }
    case 'waiting':
      return `waits for ${status.for}`;
    case 'succeeded':
      return 'completed';
    case 'failed':
      return status.failure.message;
    case 'stopped':
      return 'stopped';
  }
}

/** A run's steps in the order of the workflow, each with its last attempt. */
export interface StepNode {
  readonly kind: 'step';
  readonly run: string;
  readonly step: string;
  readonly name: string;
  readonly status: BarStatus;
  readonly description: string;
}

export function stepNodes(view: TimelineView): readonly StepNode[] {
  const last = new Map(view.bars.map((bar) => [bar.step, bar]));
  return [...last.values()].map((bar) => {
    const attempts = bar.attempt > 1 && bar.status !== 'pending' ? [countText(bar.attempt, 'attempt')] : [];
    const time =
      bar.startMs !== undefined && bar.endMs !== undefined ? [durationText(bar.endMs - bar.startMs)] : [];
    const label =
      bar.retryAtMs !== undefined && bar.status === 'retrying'
        ? retryText(bar, bar.retryAtMs)
        : stepSigns[bar.status].label;
    const description = [label, ...time, ...attempts].join(' · ');
    return { kind: 'step', run: view.run, step: bar.step, name: bar.name, status: bar.status, description };
  });
}

/** Until when a failed step waits, and why it failed. */
function retryText({ endMs = 0, why }: TimelineBar, retryAtMs: number): string {
  const waits = `waits until ${timeOfDay(retryAtMs, endMs)} to try again`;
  return why === undefined ? waits : `${waits}: ${why}`;
}

/** The status bar: what waits for the operator, and what runs. */
export function statusBarText(awaiting: number, running: number): string {
  const parts = ['$(layers)'];
  if (awaiting > 0) parts.push(`$(bell-dot) ${awaiting}`);
  if (running > 0) parts.push(`$(sync~spin) ${running}`);
  return parts.length === 1 ? '$(layers) Cairn' : parts.join(' ');
}

export function statusBarTooltip(awaiting: number, running: number): string {
  const waits =
    awaiting === 0
      ? 'Nothing waits for your decision'
      : `${countText(awaiting, 'proposal')} ${awaiting === 1 ? 'waits' : 'wait'} for your decision`;
  return running === 0 ? waits : `${waits}, ${countText(running, 'run')} in progress`;
}
