import * as vscode from 'vscode';
import { openPlace } from '../failure-message.ts';
import type { Shell } from '../shell.ts';
import { brokenTrigger, keeperLine, triggerLine, triggerSign } from '../views/triggers-model.ts';

/** Shows what starts runs by itself, and what cannot be read of it; choosing one opens it where it is written. */
export async function showTriggers(shell: Shell): Promise<void> {
  const listing = await (await shell.company.openToRead()).listTriggers();
  if (listing.triggers.length + listing.problems.length === 0) return tellNone();
  const nowMs = Date.now();
  const broken = listing.problems.map((failure) => ({
    ...brokenTrigger(failure),
    iconPath: new vscode.ThemeIcon('error'),
    at: failure.at,
  }));
  const triggers = listing.triggers.map((one) => ({
    label: one.workflowName,
    description: one.trigger,
    detail: triggerLine(one, nowMs),
    iconPath: new vscode.ThemeIcon(triggerSign(one)),
    at: one.at,
  }));
  const picked = await vscode.window.showQuickPick([...broken, ...triggers], {
    title: 'Triggers',
    placeHolder: `${keeperLine(listing, process.pid)}. Which one is to be opened?`,
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (picked?.at && shell.company.root) await openPlace(picked.at, shell.company.root);
}

async function tellNone(): Promise<void> {
  const open = 'Open a Workflow';
  const picked = await vscode.window.showInformationMessage(
    'No workflow has a trigger: runs are started by hand. Add “on” to a workflow to start it by time, file or item.',
    open,
  );
  if (picked === open) {
    await vscode.commands.executeCommand('workbench.action.quickOpen', '.cairn/workflows/');
  }
}
