import { describeProposal } from './describe-proposal.ts';
import { describeWait, describeWaits } from './describe-waits.ts';
import type { ProposalSummary, RunSummary } from '../app/cairn.ts';
import type { Failure } from '../base/failure.ts';
import type { TimelineBar, TimelineView } from '../protocol/timeline.ts';
import { isDue, statusLine, waitText } from '../protocol/waits.ts';
import {
  ageText,
  beginningText,
  doubtText,
  durationText,
  moneyText,
  namesText,
  tokensText,
} from '../protocol/wording.ts';

/** A run in one line of a list. */
export function describeRunLine(run: RunSummary, nowMs: number): string {
  const { id, progress, cost, updatedAtMs } = run;
  return [
    id.padEnd(34),
    `${progress.done}/${progress.of}`,
    stateOf(run, nowMs),
    moneyText(cost.usd),
    ageText(updatedAtMs, nowMs),
  ].join('  ');
}

function stateOf(run: RunSummary, nowMs: number): string {
  const { id, status, left, waits, canGoOn, archived } = run;
  if (archived) return `${status.is}, archived`;
  if (left) return `${isDue(run, nowMs) ? 'due' : 'interrupted'}, go on: cairn resume ${id}`;
  const [first] = waits;
  const isAsked = first === undefined || first.wait.for === 'decision';
  if (status.is === 'waiting') return isAsked ? `waiting for ${status.for}` : describeWait(first, nowMs);
  return status.is === 'running' && !canGoOn && first ? describeWait(first, nowMs) : status.is;
}

/** A run with its steps, its state and its cost. */
export function describeRun(
  view: TimelineView,
  proposals: readonly ProposalSummary[],
  nowMs: number,
): string {
  const took = view.endedAtMs === undefined ? '' : ` in ${durationText(view.endedAtMs - view.startedAtMs)}`;
  const tokens = tokensText(view.cost.tokensIn + view.cost.tokensOut);
  return [
    `${view.workflow}  ${view.run}`,
    `${statusLine(view, nowMs).replace(/\.$/, '')}${took}`,
    `${beginningText(view)}, model ${view.model}, ${tokens}, ${moneyText(view.cost.usd)}`,
    ...(view.failure ? failureLines(view.failure) : []),
    ...(view.inDoubt.length > 0 ? [doubtText(view.inDoubt)] : []),
    '',
    ...view.bars.map((bar) => describeBar(bar, nowMs)),
    ...waitingLines(view, nowMs),
    ...proposals.map((proposal) => `\n${describeProposal(proposal)}`),
  ].join('\n');
}

/** What the line with the state does not say: why, what was kept, what to do. */
function failureLines({ kept, remedy, causes = [] }: Failure): string[] {
  const next = [kept, remedy].filter(Boolean).join(' ');
  return [...causes.map((cause) => `  because: ${cause}`), ...(next ? [next] : [])];
}

/** What brings the run on, and what comes then. */
function waitingLines({ run, waits, next }: TimelineView, nowMs: number): string[] {
  const told = describeWaits(run, waits, nowMs);
  return [...(told ? ['', told] : []), ...(next.length > 0 ? ['', `Next: ${namesText(next)}`] : [])];
}

const marks: Readonly<Record<TimelineBar['status'], string>> = {
  pending: '·',
  running: '▸',
  waiting: '…',
  retrying: '↻',
  succeeded: '✓',
  failed: '✗',
  'sent-back': '↺',
  skipped: '»',
  stopped: '■',
};

function describeBar(bar: TimelineBar, nowMs: number): string {
  const { status, name, lane, attempt, startMs, endMs, proposal, wait } = bar;
  const took = startMs !== undefined && endMs !== undefined ? durationText(endMs - startMs) : '';
  const again = attempt > 1 ? `attempt ${attempt}` : '';
  const waits = wait?.for === 'decision' ? `“${wait.question}” ${waitText(wait, nowMs)}` : '';
  const facts = [lane, again, took, waits, proposal && `proposal ${proposal}`].filter(Boolean).join(', ');
  return `  ${marks[status]} ${name.padEnd(24)} ${facts}`;
}
