import * as vscode from 'vscode';
import { runName, runTarget } from './runs.ts';
import type { RunArgument } from './runs.ts';
import type { Shell } from '../shell.ts';
import { replayText } from '../views/replay-wording.ts';
import { companyPaths } from '../../contracts/company.ts';

/** Executes a run once more over its journal, and says whether the engine makes the same of it. */
export async function replayRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Replay Run',
    placeHolder: 'Replay which run?',
    none: 'There is no run to replay yet.',
  });
  if (!run) return;
  const cairn = await shell.company.openToRead();
  const name = await runName(shell, run);
  const options = { location: vscode.ProgressLocation.Window, title: `Cairn: replaying ${name}` };
  const report = await vscode.window.withProgress(options, () => cairn.replayRun(run));
  const text = replayText(name, report);
  if (report.is === 'same') {
    await vscode.window.showInformationMessage(text);
    return;
  }
  shell.log.error(report.message);
  const journal = await journalOf(shell, run);
  const [show, log] = ['Show Record', 'Show Log'];
  const picked = await vscode.window.showErrorMessage(text, ...(journal ? [show] : []), log);
  if (picked === show && journal) await showLine(journal, report.n - 1);
  if (picked === log) shell.log.show();
}

/** The file of a run's journal; a run that is archived has none. */
async function journalOf({ company }: Shell, run: string): Promise<vscode.Uri | undefined> {
  if (!company.root) return undefined;
  const journal = vscode.Uri.joinPath(company.root, companyPaths.runs, run, 'journal.jsonl');
  return vscode.workspace.fs.stat(journal).then(
    () => journal,
    () => undefined,
  );
}

/** Each record has a line. */
async function showLine(file: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(line, 0);
  await vscode.window.showTextDocument(file, { selection: new vscode.Range(at, at) });
}
