import * as vscode from 'vscode';
import { shellFailures } from '../../base/failures/vscode.ts';
import { showFailure } from '../failure-message.ts';

/** Opens what a step's work rests on: a file of the company, or a web address after the editor has asked. */
export async function openSource(source: string, root: vscode.Uri | undefined): Promise<void> {
  if (/^https?:\/\//i.test(source)) {
    await vscode.env.openExternal(vscode.Uri.parse(source, true));
    return;
  }
  const uri = root && inside(root, source);
  try {
    if (!uri) throw shellFailures.sourceMissing(source);
    await vscode.workspace.fs.stat(uri);
    await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
  } catch {
    await showFailure(shellFailures.sourceMissing(source), root);
  }
}

/** A file of the company by its path; nothing for a path that leads out of it. */
function inside(root: vscode.Uri, source: string): vscode.Uri | undefined {
  const path = source.replace(/^file:\/\//, '').replace(/[#?].*$/, '');
  if (path === '' || path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
  return path.split('/').includes('..') ? undefined : vscode.Uri.joinPath(root, path);
}
