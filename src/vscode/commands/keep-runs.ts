import * as vscode from 'vscode';
import { runTarget } from './runs.ts';
import type { RunArgument } from './runs.ts';
import type { Shell } from '../shell.ts';
import type { Pruned } from '../../app/cairn.ts';
import { describeFailure } from '../../base/failure.ts';
import { bytesText, countText } from '../../protocol/wording.ts';

/** More than these are counted and not named. */
const namedRuns = 10;

/** Brings an archived run back, so that it can go on here. */
export async function restoreRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, 'Restore which run?', ({ archived }) => archived);
  if (!run) return;
  const restored = await (await shell.company.open()).restoreRun(run);
  shell.data.refresh();
  vscode.window.setStatusBarMessage(restored ? `$(pass) ${run} is back` : `${run} is here already`, 6_000);
}

/** Removes what retention lets go of, once the operator has seen what that is. */
export async function pruneRuns(shell: Shell): Promise<void> {
  const cairn = await shell.company.open();
  const options = { location: vscode.ProgressLocation.Window, title: 'Cairn: looking for old runs' };
  const planned = await vscode.window.withProgress(options, () => cairn.prune({ dryRun: true }));
  if (planned.folders.length + planned.forgotten.length === 0) {
    const used = `Run folders take ${bytesText(planned.keptBytes)} of ${bytesText(planned.limitBytes)}.`;
    await vscode.window.showInformationMessage(`Nothing to prune. ${used}`);
    return;
  }
  const question = 'Prune old runs?';
  const picked = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: describePlan(planned) },
    'Prune',
  );
  if (picked !== 'Prune') return;
  const { folders, forgotten, problems } = await cairn.prune({ dryRun: false });
  for (const { run, failure } of problems) shell.log.warn(`${run}: ${describeFailure(failure)}`);
  shell.data.refresh();
  const counts = `${countText(folders.length, 'folder')} and ${countText(forgotten.length, 'archive')}`;
  const failed = problems.length > 0 ? ` ${countText(problems.length, 'run')} could not be pruned.` : '';
  const buttons = problems.length > 0 ? ['Show Log'] : [];
  const next = await vscode.window.showInformationMessage(`Pruned ${counts}.${failed}`, ...buttons);
  if (next === 'Show Log') shell.log.show(true);
}

function describePlan({ folders, forgotten }: Pruned): string {
  const named = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return [];
    const more = lines.length > namedRuns ? [`and ${lines.length - namedRuns} more`] : [];
    return [title, ...lines.slice(0, namedRuns), ...more, ''];
  };
  return [
    ...named(
      'Folders of ended runs, whose archives stay in git:',
      folders.map(({ run, bytes }) => `${run} (${bytesText(bytes)})`),
    ),
    ...named('Archives and proposals, for good:', forgotten),
    'What was committed stays as it is.',
  ].join('\n');
}
