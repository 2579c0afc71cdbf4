import * as vscode from 'vscode';
import { isOpen, runName, runTarget } from './runs.ts';
import type { RunArgument } from './runs.ts';
import type { Shell } from '../shell.ts';
import { migrationText } from '../views/fork-wording.ts';
import type { Migration } from '../../app/cairn.ts';

const SHORT_MS = 6_000;

/**
 * Shows how a run's definition differs from the files as they are now, and goes on with it on those if it is wished.
 * Where that comparison is in front already, the command is about its run.
 */
export async function migrateRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument ?? shell.definitions.compared, {
    title: 'Migrate Run',
    placeHolder: 'Migrate which run to the current definition?',
    none: 'No run is under way.',
    fits: isOpen,
  });
  if (!run) return;
  const cairn = await shell.company.open();
  const migration = await cairn.planMigration(run);
  const name = await runName(shell, run);
  if (migration.changes.length === 0) {
    await vscode.window.showInformationMessage(`${name} is on the current definition.`);
    return;
  }
  await shell.definitions.compare(run, `${name}: pinned ↔ current definition`);
  if (!(await confirm(name, migration))) return;
  const migrated = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Cairn: migrating ${name}` },
    () => cairn.migrateRun(run, new AbortController().signal),
  );
  shell.data.refresh();
  await shell.definitions.close(run);
  void shell.executor.drive(cairn, migrated.run);
  await shell.timelines.open(migrated.run);
  vscode.window.setStatusBarMessage(`$(pass) ${name} goes on as ${migrated.run}`, SHORT_MS);
}

/** The question lies over the comparison, so to read that first is one of its answers. */
async function confirm(name: string, { changes, outline }: Migration): Promise<boolean> {
  const migrate: vscode.MessageItem = { title: 'Migrate Run' };
  const picked = await vscode.window.showWarningMessage(
    `Go on with ${name} on the current definition?`,
    { modal: true, detail: `${changes.join('\n')}\n\n${migrationText(outline)}` },
    migrate,
    { title: 'Read the Changes First', isCloseAffordance: true },
  );
  return picked === migrate;
}
