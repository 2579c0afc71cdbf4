import * as vscode from 'vscode';
import type { FailureCode, Place } from '../base/failure.ts';
import { describeFailure, toFailure } from '../base/failure.ts';

interface Remedy {
  readonly title: string;
  readonly command: string;
}

/** What the operator can do at once about some failures. */
export const remedies: Partial<Record<FailureCode, Remedy>> = {
  'company.missing': { title: 'Create Company', command: 'cairn.createCompany' },
  'company.untrusted': { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' },
  'git.not-a-repository': { title: 'Initialize Repository', command: 'cairn.initializeRepository' },
  'run.archived': { title: 'Restore Archived Run', command: 'cairn.restoreRun' },
  'model.not-configured': { title: 'Configure Models', command: 'cairn.configureModels' },
  'model.refused': { title: 'Configure Models', command: 'cairn.configureModels' },
};

const showLog: Remedy = { title: 'Show Log', command: 'cairn.showLog' };

/** Shows whatever was thrown, with a button for its remedy; what the operator cancelled is not worth a message. */
export async function showFailure(thrown: unknown, root: vscode.Uri | undefined): Promise<void> {
  const failure = toFailure(thrown);
  if (failure.code === 'operator.cancelled') return;
  const remedy = remedies[failure.code];
  const place = failure.at && root ? 'Open File' : undefined;
  const buttons = [...(place ? [place] : []), ...(remedy ? [remedy.title] : []), showLog.title];
  const picked = await vscode.window.showErrorMessage(describeFailure(failure), ...buttons);
  if (picked === undefined) return;
  if (picked === place && root && failure.at) await openPlace(failure.at, root);
  else await vscode.commands.executeCommand((picked === remedy?.title ? remedy : showLog).command);
}

/** Opens a file of the company at a place. */
export async function openPlace(at: Place, root: vscode.Uri): Promise<void> {
  const start = new vscode.Position(Math.max(0, (at.line ?? 1) - 1), Math.max(0, (at.column ?? 1) - 1));
  await vscode.window.showTextDocument(vscode.Uri.joinPath(root, at.file), {
    selection: new vscode.Range(start, start),
  });
}
