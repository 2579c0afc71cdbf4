import * as vscode from 'vscode';
import { runTarget } from './runs.ts';
import type { RunArgument } from './runs.ts';
import type { Shell } from '../shell.ts';
import { beyondText, forkedText, takeBackTarget } from '../views/fork-wording.ts';
import type { ForkRequest, Forked } from '../../app/cairn.ts';
import { countText } from '../../protocol/wording.ts';

type Checkpoint = Pick<ForkRequest, 'after'>;

/** Begins a new run with what another one had done up to a step, and shows it. */
export async function forkRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Fork Run',
    placeHolder: 'Fork which run?',
    none: 'There is no run to fork yet.',
  });
  if (!run) return;
  const step = typeof argument === 'object' && argument.kind === 'step' ? argument.step : undefined;
  const checkpoint = step === undefined ? await pickCheckpoint(shell, run) : { after: step };
  const definition = checkpoint && (await pickDefinition());
  if (!checkpoint || !definition) return;
  const cairn = await shell.company.open();
  const forked = await cairn.forkRun({ run, ...checkpoint, definition, inputs: {} });
  shell.data.refresh();
  void shell.executor.drive(cairn, forked.run);
  await shell.timelines.open(forked.run);
  void tellFork(forked);
}

/** Says what was kept, and takes back what the fork leaves on the branch where that is one thing to do. */
async function tellFork(forked: Forked): Promise<void> {
  const target = takeBackTarget(forked);
  const buttons = target === undefined ? [] : ['Revert…'];
  const text = [forkedText(forked), ...beyondText(forked)].join(' ');
  const picked = await vscode.window.showInformationMessage(text, ...buttons);
  if (picked) await vscode.commands.executeCommand('cairn.revertRun', target);
}

async function pickCheckpoint(shell: Shell, run: string): Promise<Checkpoint | undefined> {
  const { bars } = await (await shell.company.open()).showTimeline(run);
  const done = new Map(
    bars.filter(({ status }) => status === 'succeeded').map(({ step, name }) => [step, name]),
  );
  const end =
    done.size > 0
      ? { label: 'All that is done', description: countText(done.size, 'step'), icon: 'pass' }
      : { label: 'Nothing', description: 'No step is done yet', icon: 'circle-outline' };
  const all = { ...end, iconPath: new vscode.ThemeIcon(end.icon), checkpoint: {} };
  const steps = [...done].map(([step, name]) => ({
    label: `After ${name}`,
    description: step,
    iconPath: new vscode.ThemeIcon('repo-forked'),
    checkpoint: { after: step },
  }));
  const options = { title: 'Fork Run', placeHolder: 'What does the new run keep?', ignoreFocusOut: true };
  return (await vscode.window.showQuickPick([all, ...steps], options))?.checkpoint;
}

async function pickDefinition(): Promise<ForkRequest['definition'] | undefined> {
  const items: (vscode.QuickPickItem & { readonly definition: ForkRequest['definition'] })[] = [
    {
      label: 'The run’s own definition',
      detail: 'Workflow, agents and policy as they were when the run began.',
      definition: 'pinned',
    },
    {
      label: 'The current definition',
      detail: 'The files as they are now. What has changed, and what needs it, is made anew.',
      definition: 'current',
    },
  ];
  const options = { title: 'Fork Run', placeHolder: 'On which definition?', ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.definition;
}
