import { describeProposal } from './describe-proposal.ts';
import type { ProposalSummary, RunSummary } from '../app/cairn.ts';
import type { Failure } from '../base/failure.ts';
import { nextTryText } from '../insight/next-try.ts';
import type { TimelineBar, TimelineView } from '../protocol/timeline.ts';
import { ageText, beginningText, durationText, moneyText, tokensText } from '../protocol/wording.ts';

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

function stateOf({ id, status, left, archived, nextTry }: RunSummary, nowMs: number): string {
  if (archived) return `${status.is}, archived`;
  if (left) return `interrupted, go on: cairn resume ${id}`;
  if (status.is === 'running' && nextTry) return `waits ${nextTryText(nextTry, nowMs)}`;
  return status.is === 'waiting' ? `waiting for ${status.for}` : status.is;
}

/** A run with its steps, its state and its cost. */
export function describeRun(view: TimelineView, proposals: readonly ProposalSummary[]): string {
  const took = view.endedAtMs === undefined ? '' : ` in ${durationText(view.endedAtMs - view.startedAtMs)}`;
  const tokens = tokensText(view.cost.tokensIn + view.cost.tokensOut);
  return [
    `${view.workflow}  ${view.run}`,
    `${view.statusText.replace(/\.$/, '')}${took}`,
    `${beginningText(view)}, model ${view.model}, ${tokens}, ${moneyText(view.cost.usd)}`,
    ...(view.failure ? failureLines(view.failure) : []),
    '',
    ...view.bars.map(describeBar),
    ...proposals.map((proposal) => `\n${describeProposal(proposal)}`),
  ].join('\n');
}

/** What the line with the state does not say: why, what was kept, what to do. */
function failureLines({ kept, remedy, causes = [] }: Failure): string[] {
  const next = [kept, remedy].filter(Boolean).join(' ');
  return [...causes.map((cause) => `  because: ${cause}`), ...(next ? [next] : [])];
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

function describeBar({ status, name, lane, attempt, startMs, endMs, proposal }: TimelineBar): string {
  const took = startMs !== undefined && endMs !== undefined ? durationText(endMs - startMs) : '';
  const again = attempt > 1 ? `attempt ${attempt}` : '';
  const facts = [lane, again, took, proposal && `proposal ${proposal}`].filter(Boolean).join(', ');
  return `  ${marks[status]} ${name.padEnd(24)} ${facts}`;
}
