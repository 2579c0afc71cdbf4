import * as vscode from 'vscode';
import { runArgument } from './runs.ts';
import type { Shell } from '../shell.ts';

/** A step of a run that has failed there. */
interface FailedStep {
  readonly run: string;
  readonly step: string;
  readonly name: string;
  readonly failure: string;
}

/** Tries one failed step again. */
export async function retryStep(shell: Shell, run: unknown, step: unknown): Promise<void> {
  const target = await failedStep(shell, run, step, 'Retry which step?');
  if (!target) return;
  const cairn = await shell.company.open();
  await cairn.retryRun(target.run, { step: target.step });
  void shell.executor.drive(cairn, target.run);
}

/** Asks for another input of a failed step, for this run alone, and tries it again with that. */
export async function editAndRetry(shell: Shell, run: unknown, step: unknown): Promise<void> {
  const target = await failedStep(shell, run, step, 'Edit the input of which step?');
  if (!target) return;
  const cairn = await shell.company.open();
  const edits = await askEdits(target, await cairn.showInput(target.run, target.step));
  if (!edits) return;
  await cairn.retryRun(target.run, {
    step: target.step,
    ...(Object.keys(edits).length > 0 ? { with: edits } : {}),
  });
  void shell.executor.drive(cairn, target.run);
}

/** Lets the operator do a failed step by hand; the run waits until they say that it is done. */
export async function takeStep(shell: Shell, run: unknown, step: unknown): Promise<void> {
  const target = await failedStep(shell, run, step, 'Do which step by hand?');
  if (!target) return;
  const cairn = await shell.company.open();
  await cairn.takeStep(target.run, target.step);
  void shell.executor.drive(cairn, target.run);
}

/** Goes on without a failed step; the reason is kept with the run. */
export async function skipStep(shell: Shell, run: unknown, step: unknown): Promise<void> {
  const target = await failedStep(shell, run, step, 'Skip which step?');
  if (!target) return;
  const why = await vscode.window.showInputBox({
    title: `Skip “${target.name}”`,
    prompt: 'Why can the run do without it? The reason is kept with the run.',
    placeHolder: 'e.g. I have written the reply by hand',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'Say why.' : undefined),
  });
  if (why === undefined) return;
  const cairn = await shell.company.open();
  await cairn.skipStep(target.run, { step: target.step, why });
  void shell.executor.drive(cairn, target.run);
}

/** The box has one line, so that line ends are shown, and can be written, as this sign. */
const lineEnd = '⏎';

/** What is edited, one text after the other; nothing when the operator changes their mind. */
async function askEdits(
  { name }: FailedStep,
  input: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>> | undefined> {
  const entries = Object.entries(input);
  if (entries.length === 0) {
    await vscode.window.showInformationMessage(
      `“${name}” has no input of its own. Retry or skip it, or change the workflow and start a new run.`,
    );
    return undefined;
  }
  const edits: Record<string, string> = {};
  for (const [key, written] of entries) {
    // One question after the other is the point.
    // oxlint-disable-next-line no-await-in-loop
    const text = await vscode.window.showInputBox({
      title: `Edit the input of “${name}”`,
      prompt: `${key}, for this run alone`,
      value: written.replaceAll('\n', lineEnd),
      ignoreFocusOut: true,
    });
    if (text === undefined) return undefined;
    const edited = text.replaceAll(lineEnd, '\n');
    if (edited !== written) edits[key] = edited;
  }
  return edits;
}

async function failedStep(
  shell: Shell,
  run: unknown,
  step: unknown,
  placeHolder: string,
): Promise<FailedStep | undefined> {
  const node = runArgument(run);
  const found = await failedSteps(shell, typeof node === 'string' ? node : undefined);
  const id = typeof node === 'object' && node.kind === 'step' ? node.step : step;
  const named = found.find((one) => one.step === id && one.run === runOf(node));
  if (named) return named;
  if (found.length === 0) {
    await vscode.window.showInformationMessage('No step has failed.');
    return undefined;
  }
  const items = found.map((one) => ({
    label: one.name,
    description: one.run,
    detail: one.failure,
    iconPath: new vscode.ThemeIcon('error'),
    target: one,
  }));
  const options = { placeHolder, matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.target;
}

function runOf(node: ReturnType<typeof runArgument>): string | undefined {
  if (typeof node !== 'object') return node;
  return node.kind === 'step' ? node.run : undefined;
}

/** The steps that have failed, of one run or of all that can be gone on with. */
async function failedSteps(shell: Shell, only: string | undefined): Promise<FailedStep[]> {
  const cairn = await shell.company.open();
  const runs = (await cairn.listRuns()).runs.filter(
    ({ status }) => status.is !== 'succeeded' && status.is !== 'stopped',
  );
  const states = runs
    .filter(({ id }) => only === undefined || id === only)
    .map(({ id }) => cairn.showRun(id));
  return (await Promise.all(states)).flatMap(({ id, steps }) =>
    [...steps.values()].flatMap(({ step: { id: step, name }, status }): FailedStep[] => {
      return status.is === 'failed' ? [{ run: id, step, name, failure: status.failure.message }] : [];
    }),
  );
}
