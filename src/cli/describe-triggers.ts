import type { TriggerListing, TriggerSummary } from '../app/cairn.ts';
import { describeFailure } from '../base/failure.ts';
import { minuteText } from '../contracts/trigger.ts';
import { ageText, untilText } from '../protocol/wording.ts';

/** The triggers with their state, and who keeps them. */
export function describeTriggers({ triggers, keeper }: TriggerListing, nowMs: number): string {
  if (triggers.length === 0)
    return 'No workflow has a trigger: runs are started by hand. See “on” in the reference of workflows.';
  const kept = keeper
    ? `Kept by process ${keeper.pid}.`
    : 'No process keeps them, so nothing is started. Open the company in VS Code, or run: cairn worker';
  return [...triggers.map((one) => describeTrigger(one, nowMs)), '', kept].join('\n');
}

function describeTrigger(one: TriggerSummary, nowMs: number): string {
  const { workflow, trigger, waiting, note, problem } = one;
  return [
    `${workflow}  ${trigger}`,
    `  ${nextText(one, nowMs)}, ${lastText(one, nowMs)}`,
    ...(waiting > 0 ? [`  ${waiting} due and not started yet`] : []),
    ...(problem ? [`  ✗ ${describeFailure(problem)}`] : []),
    ...(note ? [`  • ${minuteText(note.atMs)}: ${note.text}`] : []),
  ].join('\n');
}

function nextText({ kind, kept, nextMs }: TriggerSummary, nowMs: number): string {
  if (nextMs !== undefined)
    return `${kind === 'schedule' ? 'next' : 'next look'} ${untilText(nextMs, nowMs)} (${minuteText(nextMs)})`;
  return kept ? 'with the next file that fits' : 'not looked at yet';
}

function lastText({ fired }: TriggerSummary, nowMs: number): string {
  return fired ? `last ${ageText(fired.atMs, nowMs)}: ${fired.run}` : 'never yet';
}
