import * as vscode from 'vscode';
import type { Shell } from '../shell.ts';
import { runDescription, runSign } from '../views/runs-model.ts';
import type { RunsNode } from '../views/runs-view.ts';
import type { RunSummary } from '../../app/cairn.ts';

/** What a command is about: an entry of the tree, or a run's id. */
export type RunArgument = RunsNode | string | undefined;

/** Commands are also called with arguments of the editor's own: those say nothing. */
export function runArgument(given: unknown): RunArgument {
  if (typeof given === 'string') return given;
  if (typeof given !== 'object' || given === null || !('kind' in given)) return undefined;
  const isNode = (given.kind === 'run' && 'summary' in given) || (given.kind === 'step' && 'run' in given);
  return isNode ? (given as RunsNode) : undefined;
}

export async function openTimeline(shell: Shell, argument: RunArgument, step?: unknown): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Open Timeline',
    placeHolder: 'Whose timeline?',
    none: 'There is no run yet.',
  });
  if (run) await shell.timelines.open(run, typeof step === 'string' ? step : undefined);
}

export async function resumeRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Resume Run',
    placeHolder: 'Resume which run?',
    none: 'No run is under way.',
    fits: isOpen,
  });
  if (run) void shell.executor.drive(await shell.company.open(), run);
}

export async function retryRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Retry Run',
    placeHolder: 'Retry which run?',
    none: 'No run has failed.',
    fits: ({ status }) => status.is === 'failed',
  });
  if (!run) return;
  const cairn = await shell.company.open();
  await cairn.retryRun(run);
  void shell.executor.drive(cairn, run);
}

export async function stopRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Stop Run',
    placeHolder: 'Stop which run?',
    none: 'No run is under way.',
    fits: isOpen,
  });
  if (!run) return;
  const stop = 'Stop Run';
  const detail = 'Undecided proposals are withdrawn. What was committed stays.';
  const picked = await vscode.window.showWarningMessage(`Stop ${run}?`, { modal: true, detail }, stop);
  if (picked !== stop) return;
  const cairn = await shell.company.open();
  await cairn.stopRun(run);
  void shell.executor.drive(cairn, run);
}

/** Starts a run that proposes the inverse; it waits for a decision like any other. */
export async function revertRun(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Revert Run',
    placeHolder: 'Revert what which run has committed?',
    none: 'There is no run to revert yet.',
  });
  if (!run) return;
  const cairn = await shell.company.open();
  const { run: inverse, lasting, doubtful } = await cairn.revert(run);
  const rest = [
    ...(lasting.length > 0 ? [`What cannot be taken back: ${lasting.join(', ')}.`] : []),
    ...(doubtful.length > 0 ? [`May have been sent, and cannot be taken back: ${doubtful.join(', ')}.`] : []),
  ];
  if (rest.length > 0) void vscode.window.showWarningMessage(rest.join(' '));
  await shell.executor.drive(cairn, inverse);
  const [proposal] = (await cairn.listProposals()).filter((one) => one.run === inverse && one.awaiting);
  if (!proposal) return;
  await vscode.commands.executeCommand('cairn.approvals.focus');
  await shell.approvals.reveal(proposal.id);
  if (shell.company.root) await shell.reviews.open(proposal, shell.company.root);
}

export async function copyRunId(shell: Shell, argument: RunArgument): Promise<void> {
  const run = await runTarget(shell, argument, {
    title: 'Copy Run Id',
    placeHolder: 'Copy the id of which run?',
    none: 'There is no run yet.',
  });
  if (run) await vscode.env.clipboard.writeText(run);
}

interface RunQuestion {
  readonly title: string;
  readonly placeHolder: string;
  /** What is said when no run fits. */
  readonly none: string;
  readonly fits?: (run: RunSummary) => boolean;
}

/** The run that a command is about; asks for it where that is not said. */
export async function runTarget(
  shell: Shell,
  argument: RunArgument,
  { title, placeHolder, none, fits = () => true }: RunQuestion,
): Promise<string | undefined> {
  if (typeof argument === 'string') return argument;
  if (argument?.kind === 'run') return argument.summary.id;
  if (argument?.kind === 'step') return argument.run;
  const { runs } = await (await shell.company.openToRead()).listRuns();
  const items = runs.filter(fits).map((run) => ({
    label: run.workflowName,
    description: run.id,
    detail: runDescription(run, Date.now()),
    iconPath: new vscode.ThemeIcon(runSign(run, Date.now()).icon),
    run: run.id,
  }));
  if (items.length === 0) {
    await vscode.window.showInformationMessage(none);
    return undefined;
  }
  const options = { title, placeHolder, matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.run;
}

/** What people call a run: the name of its workflow. */
export async function runName(shell: Shell, run: string): Promise<string> {
  return (await (await shell.company.openToRead()).showRun(run)).definition.workflow.name;
}

/** Whether a run is under way, or waits. */
export function isOpen({ status }: RunSummary): boolean {
  return status.is === 'running' || status.is === 'waiting';
}
