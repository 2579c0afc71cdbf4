import type { RunSummary } from '../../app/cairn.ts';
import type { BarStatus, TimelineBar, TimelineView } from '../../protocol/timeline.ts';
import { isDue, waitText } from '../../protocol/waits.ts';
import type { StepWait } from '../../protocol/waits.ts';
import {
  ageText,
  countText,
  durationText,
  moneyText,
  namesText,
  tokensText,
} from '../../protocol/wording.ts';

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
  waiting: { icon: 'bell', color: 'charts.yellow', label: 'waiting' },
  retrying: { icon: 'history', color: 'charts.orange', label: 'waits to try again' },
  succeeded: { icon: 'pass', color: 'charts.green', label: 'done' },
  failed: { icon: 'error', color: 'charts.red', label: 'failed' },
  'sent-back': { icon: 'discard', color: 'charts.purple', label: 'sent back' },
  skipped: { icon: 'debug-step-over', label: 'skipped' },
  stopped: { icon: 'circle-slash', label: 'stopped' },
};

/** Waiting looks like what it is for: time passes by itself. */
const waitIcons: Readonly<Record<StepWait['for'], Sign['icon']>> = {
  decision: 'bell',
  answer: 'question',
  event: 'broadcast',
  occurrence: 'eye',
  time: 'watch',
  retry: 'history',
};

/** What may be done with a run; the `contextValue` that menus go by. */
export function runContext({ status, left, archived, waits }: RunSummary): string {
  if (archived) return 'run.archived';
  const asked = (['answer', 'event'] as const).filter((what) => waits.some(({ wait }) => wait.for === what));
  return [left ? 'run.left' : `run.${status.is}`, ...asked].join('.');
}

/** How a run looks: one that time alone has left is on its way. */
export function runSign(run: RunSummary, nowMs: number): Sign {
  if (run.left && !isDue(run, nowMs)) return leftSign;
  const sign = runSigns[run.status.is];
  const [first] = run.waits;
  return isResting(run) && first ? { ...sign, icon: waitIcons[first.wait.for] } : sign;
}

function isResting({ status, canGoOn }: RunSummary): boolean {
  return status.is === 'waiting' || (status.is === 'running' && !canGoOn);
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

function stateText(run: RunSummary, nowMs: number): string {
  const { status, left, progress, waits } = run;
  if (left && !isDue(run, nowMs)) return 'interrupted';
  const [first] = waits;
  if (isResting(run) && first && passes(first.wait)) return waitText(first.wait, nowMs);
  switch (status.is) {
    case 'running':
      return `${progress.done} of ${progress.of} steps`;
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

/** All that one wants to know of a run at a glance. */
export function runTooltip(run: RunSummary, nowMs: number): string {
  const { id, status, progress, cost, waits, next } = run;
  const tokens = tokensText(cost.tokensIn + cost.tokensOut);
  const failure = status.is === 'failed' ? status.failure : undefined;
  const advice = [failure?.kept, failure?.remedy].filter(Boolean).join(' ');
  return [
    id,
    runDescription(run, nowMs),
    `${progress.done} of ${progress.of} steps done, ${tokens}, ${moneyText(cost.usd)}`,
    ...(failure?.causes ?? []).map((cause) => `because: ${cause}`),
    ...(advice ? [advice] : []),
    ...waits.map(({ name, wait }) => `${name} ${waitLine(wait, nowMs)}`),
    ...(next.length > 0 ? [`Next: ${namesText(next)}`] : []),
  ].join('\n');
}

/** What it waits for, with the question where there is one. */
function waitLine(wait: StepWait, nowMs: number): string {
  const question = wait.for === 'answer' || wait.for === 'decision' ? wait.question : '';
  return `${waitText(wait, nowMs)}${question && `: ${question}`}`;
}

/** Whether time alone brings it to an end. */
function passes(wait: StepWait): boolean {
  return wait.for === 'time' || wait.for === 'retry';
}

/** A step with its last attempt; below it the steps that carry it out. */
export interface StepNode {
  readonly kind: 'step';
  readonly run: string;
  readonly step: string;
  readonly name: string;
  readonly sign: Sign;
  readonly description: string;
  /** The `contextValue` that menus go by. */
  readonly context: string;
  readonly children: readonly StepNode[];
}

/** A run's steps in the order of the workflow. */
export function stepNodes(view: TimelineView, nowMs: number): readonly StepNode[] {
  const last = new Map(view.bars.map((bar) => [bar.step, bar]));
  const below = new Map<string | undefined, TimelineBar[]>();
  for (const bar of last.values()) {
    const parent = bar.within?.step;
    below.set(parent, [...(below.get(parent) ?? []), bar]);
  }
  const nodesOf = (parent: string | undefined): readonly StepNode[] =>
    (below.get(parent) ?? []).map((bar) => {
      const parts = below.get(bar.step) ?? [];
      return { ...nodeOf(view.run, bar, { parts, nowMs }), children: nodesOf(bar.step) };
    });
  return nodesOf(undefined);
}

interface Around {
  readonly parts: readonly TimelineBar[];
  readonly nowMs: number;
}

function nodeOf(run: string, bar: TimelineBar, { parts, nowMs }: Around): Omit<StepNode, 'children'> {
  const { step, name, status, attempt, startMs, endMs, wait } = bar;
  const sign = stepSigns[status];
  const label = wait ? waitLine(wait, nowMs) : sign.label;
  const time = startMs !== undefined && endMs !== undefined ? [durationText(endMs - startMs)] : [];
  const attempts = attempt > 1 && status !== 'pending' ? [countText(attempt, 'attempt')] : [];
  return {
    kind: 'step',
    run,
    step,
    name,
    sign: wait ? { ...sign, icon: waitIcons[wait.for], label } : sign,
    description: [label, ...partsText(parts), ...time, ...attempts].join(' · '),
    context: wait ? `step.${status}.${wait.for}` : `step.${status}`,
  };
}

/** How many of its parts are done: items of a map, or the steps of the one part of others. */
function partsText(bars: readonly TimelineBar[]): string[] {
  if (bars.length === 0) return [];
  const parts = [...new Set(bars.map(({ within }) => within?.part))];
  const groups =
    parts.length > 1
      ? parts.map((part) => bars.filter(({ within }) => within?.part === part))
      : bars.map((bar) => [bar]);
  const done = groups.filter((group) => group.every(isDone)).length;
  return [`${done} of ${countText(groups.length, parts.length > 1 ? 'part' : 'step')}`];
}

function isDone({ status }: TimelineBar): boolean {
  return status === 'succeeded' || status === 'skipped';
}

/** The status bar: what waits for the operator, and what runs. */
export function statusBarText(awaiting: number, running: number): string {
  const parts = ['$(layers)'];
  if (awaiting > 0) parts.push(`$(bell-dot) ${awaiting}`);
  if (running > 0) parts.push(`$(sync~spin) ${running}`);
  return parts.length === 1 ? '$(layers) Cairn' : parts.join(' ');
}

export function statusBarTooltip(awaiting: number, running: number, questions = 0): string {
  const waits = [
    ...(awaiting > 0 ? [waitingText(awaiting, 'proposal', 'decision')] : []),
    ...(questions > 0 ? [waitingText(questions, 'question', 'answer')] : []),
  ];
  const said = waits.length === 0 ? ['Nothing waits for your decision'] : waits;
  return [...said, ...(running === 0 ? [] : [`${countText(running, 'run')} in progress`])].join(', ');
}

function waitingText(count: number, noun: string, what: string): string {
  return `${countText(count, noun)} ${count === 1 ? 'waits' : 'wait'} for your ${what}`;
}
