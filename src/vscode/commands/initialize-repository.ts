import type { Shell } from '../shell.ts';
import { appFailures } from '../../base/failures/app.ts';
import { shellFailures } from '../../base/failures/vscode.ts';

/** Makes the open folder a git repository, so that proposals can be made in it. */
export async function initializeRepository(shell: Shell): Promise<void> {
  const { root, state } = shell.company;
  if (!root) throw shellFailures.noFolder();
  if (state.is === 'untrusted') throw appFailures.untrusted();
  const { initRepository } = await import('../../workspace/git/open-repository.ts');
  await initRepository(root.fsPath);
  await shell.company.look();
}
