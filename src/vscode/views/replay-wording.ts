import type { ReplayReport } from '../../app/cairn.ts';
import { countText } from '../../protocol/wording.ts';

/** What a replay has come to, in a sentence that a notification shows as a whole; the log has the difference in full. */
export function replayText(name: string, report: ReplayReport): string {
  if (report.is === 'same')
    return `${name} replays: ${countText(report.records, 'record')}, all as recorded.`;
  const event = report.expected ?? report.actual;
  const place = event && 'step' in event ? ` of “${event.step}”` : '';
  const what = event ? ` (${event.type}${place})` : '';
  return `${name} does not replay: record ${report.n}${what} is not what the engine makes of the records before it.`;
}
