import * as vscode from 'vscode';
import type { Shell } from '../shell.ts';
import { countText } from '../../protocol/wording.ts';

interface ContentItem extends vscode.QuickPickItem {
  readonly content: 'sample' | 'definitions';
}

const contents: readonly ContentItem[] = [
  {
    label: 'Sample company',
    detail: 'A small design studio with briefs, notes, mails and leads, to try every workflow at once.',
    content: 'sample',
  },
  {
    label: 'Definitions only',
    detail: 'Workflows, agents, connectors and policy, to be made your own.',
    content: 'definitions',
  },
];

/** Makes a company of the open folder or of another one. What is there stays as it is. */
export async function createCompany(shell: Shell): Promise<void> {
  const folder = await pickFolder();
  if (!folder) return;
  const placeHolder = 'What should the company begin with?';
  const options = { title: 'Create Company', placeHolder, ignoreFocusOut: true };
  const picked = await vscode.window.showQuickPick(contents, options);
  if (!picked) return;
  const { createCompany: create } = await import('../../app/create-company.ts');
  const starter = vscode.Uri.joinPath(shell.extensionUri, 'examples', 'solo-studio').fsPath;
  const created = await create({ root: folder.fsPath, starter, content: picked.content });
  if (isOpen(folder)) await shell.company.look();
  await tell(folder, created);
}

async function tell(
  folder: vscode.Uri,
  { written, kept, committed }: { written: readonly string[]; kept: readonly string[]; committed: boolean },
): Promise<void> {
  const parts = [`The company is ready: ${countText(written.length, 'file')} written`];
  if (kept.length > 0) parts.push(`${kept.length} that were there kept`);
  parts.push(committed ? 'and committed.' : 'and left to you to commit.');
  const action = isOpen(folder) ? 'Run Workflow' : 'Open Folder';
  const answer = await vscode.window.showInformationMessage(
    parts.join(', ').replace(', and', ' and'),
    action,
  );
  if (answer === 'Run Workflow') await vscode.commands.executeCommand('cairn.runWorkflow');
  if (answer === 'Open Folder') await vscode.commands.executeCommand('vscode.openFolder', folder);
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const [open] = vscode.workspace.workspaceFolders ?? [];
  if (!open) return pickOther();
  const here = { label: `$(folder-opened) ${open.name}`, description: 'this folder', other: false };
  const other = { label: '$(folder) Another folder…', description: '', other: true };
  const picked = await vscode.window.showQuickPick([here, other], {
    title: 'Create Company',
    placeHolder: 'Where should the company live?',
    ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  return picked.other ? pickOther() : open.uri;
}

async function pickOther(): Promise<vscode.Uri | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: 'Create Company',
      openLabel: 'Create Company Here',
    })) ?? [];
  return folder;
}

function isOpen(folder: vscode.Uri): boolean {
  return (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => uri.toString() === folder.toString());
}
