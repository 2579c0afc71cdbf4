import type { Pruned } from '../app/cairn.ts';
import { bytesText, countText } from '../protocol/wording.ts';

const reasons = { age: 'older than the policy keeps them', size: 'to stay below the limit' } as const;

/** What pruning has removed, or would, and what stays. */
export function describePruned({ dryRun, folders, forgotten, keptBytes, limitBytes }: Pruned): string {
  const removed = dryRun ? 'Would remove' : 'Removed';
  const lines = folders.map(({ run, bytes, why }) => `  ${run}  ${bytesText(bytes)}  ${reasons[why]}`);
  const gone = forgotten.map((run) => `  ${run}`);
  return [
    ...(lines.length > 0
      ? [`${removed} ${countText(lines.length, 'folder')} of ended runs; git keeps their archives:`, ...lines]
      : []),
    ...(gone.length > 0
      ? [`${removed} ${countText(gone.length, 'archive')}, with the proposals of the run:`, ...gone]
      : []),
    ...(lines.length + gone.length === 0 ? ['Nothing to prune.'] : []),
    `Run folders ${dryRun && lines.length > 0 ? 'would take' : 'take'} ${bytesText(keptBytes)} of ${bytesText(limitBytes)}.`,
  ].join('\n');
}
