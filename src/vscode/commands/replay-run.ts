import * as vscode from 'vscode';
import { runTarget } from './runs.ts';
import type { RunArgument } from './runs.ts';
import type { Shell } from '../shell.ts';
import { companyPaths } from '../../contracts/company.ts';

/** Executes a run once more over its journal, and says whether the engine makes the same of it. */
export async function replayRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, 'Replay which run?', () => true);
  if (!run) return;
  const report = await (await shell.company.openToRead()).replayRun(run);
  if (report.is === 'same') {
    await vscode.window.showInformationMessage(report.message);
    return;
  }
  shell.log.error(report.message);
  const [headline = ''] = report.message.split('\n');
  const [show, log] = ['Show', 'Show Log'];
  const picked = await vscode.window.showErrorMessage(headline, show, log);
  if (picked === show) await showRecord(shell, run, report.n);
  if (picked === log) shell.log.show();
}

/** The journal's file at a record; each has a line. */
async function showRecord({ company }: Shell, run: string, n: number): Promise<void> {
  if (!company.root) return;
  const line = new vscode.Position(n - 1, 0);
  const journal = vscode.Uri.joinPath(company.root, companyPaths.runs, run, 'journal.jsonl');
  await vscode.window.showTextDocument(journal, { selection: new vscode.Range(line, line) });
}
