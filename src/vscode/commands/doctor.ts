import * as vscode from 'vscode';
import type { Shell } from '../shell.ts';
import type { Examination } from '../../app/cairn.ts';

/** Shows the checks of the machine and the company; the log keeps them in full. */
export async function doctor(shell: Shell): Promise<void> {
  const cairn = await shell.company.open();
  const options = { location: vscode.ProgressLocation.Window, title: 'Cairn: looking' };
  const examinations = await vscode.window.withProgress(options, () => cairn.examine());
  for (const { check, ok, message, remedy } of examinations) {
    const line = [`${check}: ${message}`, remedy].filter(Boolean).join(' ');
    if (ok) shell.log.info(line);
    else shell.log.warn(line);
  }
  const wrong = examinations.filter(({ ok }) => !ok).length;
  const placeHolder =
    wrong === 0 ? 'Everything is in order' : `${wrong} of ${examinations.length} checks found something`;
  const picked = await vscode.window.showQuickPick(examinations.map(itemOf), {
    title: 'Doctor',
    placeHolder,
  });
  if (picked) shell.log.show(true);
}

function itemOf({ check, ok, message, remedy }: Examination): vscode.QuickPickItem {
  return {
    label: check,
    description: ok ? message : '',
    detail: ok ? '' : [message, remedy].filter(Boolean).join(' ').replace(/\s+/g, ' '),
    iconPath: new vscode.ThemeIcon(ok ? 'pass' : 'error'),
  };
}
