import * as vscode from 'vscode';
import { runTarget } from './runs.ts';
import type { RunArgument } from './runs.ts';
import { definitionPath, definitionScheme } from '../adapters/definition-uri.ts';
import type { DefinitionSide } from '../adapters/definition-uri.ts';
import type { Shell } from '../shell.ts';
import { migrationText } from '../views/fork-wording.ts';
import type { RunSummary } from '../../app/cairn.ts';

/** Shows how a run's definition differs from the files as they are now, and goes on with it on those if it is wished. */
export async function migrateRun(shell: Shell, argument: RunArgument): Promise<void> {
  const isOpen = ({ status }: RunSummary) => status.is === 'running' || status.is === 'waiting';
  const run = await runTarget(shell, argument, 'Migrate which run?', isOpen);
  if (!run) return;
  const cairn = await shell.company.open();
  const { changes, outline } = await cairn.planMigration(run);
  if (changes.length === 0) {
    await vscode.window.showInformationMessage(`${run} is on the current definition already.`);
    return;
  }
  await showDifference(run);
  const migrate = 'Migrate Run';
  const picked = await vscode.window.showWarningMessage(
    `Go on with ${run} on the current definition?`,
    { modal: true, detail: `${changes.join('\n')}\n\n${migrationText(outline)}` },
    migrate,
  );
  if (picked !== migrate) return;
  const migrated = await vscode.window.withProgress(
    { location: { viewId: 'cairn.runs' }, title: `Migrating ${run}` },
    () => cairn.migrateRun(run, new AbortController().signal),
  );
  shell.data.refresh();
  void shell.executor.drive(cairn, migrated.run);
  await shell.timelines.open(migrated.run);
}

async function showDifference(run: string): Promise<void> {
  const uriOf = (side: DefinitionSide['side']) =>
    vscode.Uri.from({ scheme: definitionScheme, path: definitionPath({ run, side }) });
  const title = `Definition of ${run}: pinned ↔ current`;
  await vscode.commands.executeCommand('vscode.diff', uriOf('pinned'), uriOf('current'), title);
}
