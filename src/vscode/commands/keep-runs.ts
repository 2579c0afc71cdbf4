import * as vscode from 'vscode';
import { runName, runTarget } from './runs.ts';
import type { RunArgument } from './runs.ts';
import type { Shell } from '../shell.ts';
import type { Pruned } from '../../app/cairn.ts';
import { describeFailure } from '../../base/failure.ts';
import { bytesText, countText } from '../../protocol/wording.ts';

/** More than these are counted and not named. */
const namedRuns = 10;

/** Brings an archived run back, so that it can go on here. */
export async function restoreRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Restore Archived Run',
    placeHolder: 'Restore which run?',
    none: 'All runs are here, none has to be restored.',
    fits: ({ archived }) => archived,
  });
  if (!run) return;
  const restored = await (await shell.company.open()).restoreRun(run);
  shell.data.refresh();
  const name = await runName(shell, run);
  vscode.window.setStatusBarMessage(restored ? `$(pass) ${name} is back` : `${name} is here already`, 6_000);
}

/** Removes what retention lets go of, once the operator has seen what that is. */
export async function pruneRuns(shell: Shell): Promise<void> {
  const cairn = await shell.company.open();
  const working = (title: string, dryRun: boolean) =>
    vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      cairn.prune({ dryRun }),
    );
  const planned = await working('Cairn: looking for old runs', true);
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
  const { folders, forgotten, problems } = await working('Cairn: pruning old runs', false);
  for (const { run, failure } of problems) shell.log.warn(`${run}: ${describeFailure(failure)}`);
  shell.data.refresh();
  const counts = [...counted(folders.length, 'folder'), ...counted(forgotten.length, 'archive')].join(
    ' and ',
  );
  const failed = problems.length > 0 ? ` ${countText(problems.length, 'run')} could not be pruned.` : '';
  const buttons = problems.length > 0 ? ['Show Log'] : [];
  const next = await vscode.window.showInformationMessage(
    `Pruned ${counts || 'nothing'}.${failed}`,
    ...buttons,
  );
  if (next === 'Show Log') shell.log.show(true);
}

function counted(count: number, noun: string): string[] {
  return count > 0 ? [countText(count, noun)] : [];
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
