import * as vscode from 'vscode';
import { openPlace } from '../failure-message.ts';
import type { Shell } from '../shell.ts';
import { keeperLine, triggerLine, triggerSign } from '../views/triggers-model.ts';

/** Shows what starts runs by itself; choosing one opens it where it is written. */
export async function showTriggers(shell: Shell): Promise<void> {
  const listing = await (await shell.company.openToRead()).listTriggers();
  if (listing.triggers.length === 0) {
    await vscode.window.showInformationMessage(
      'No workflow has a trigger: runs are started by hand. Add “on” to a workflow to start it by time, file or item.',
    );
    return;
  }
  const nowMs = Date.now();
  const items = listing.triggers.map((one) => ({
    label: one.workflowName,
    description: one.trigger,
    detail: triggerLine(one, nowMs),
    iconPath: new vscode.ThemeIcon(triggerSign(one)),
    at: one.at,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Triggers',
    placeHolder: keeperLine(listing, process.pid),
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (picked && shell.company.root) await openPlace(picked.at, shell.company.root);
}
