import * as vscode from 'vscode';
import { runArgument } from './runs.ts';
import { isApprovalNode } from './targets.ts';
import type { Shell } from '../shell.ts';
import { questionDescription, questionNodes } from '../views/approvals-model.ts';
import type { QuestionNode } from '../views/approvals-model.ts';
import type { RunSummary } from '../../app/cairn.ts';

const SHORT_MS = 6_000;

/** What the command is called with: an entry of a tree, or a run's id with a step, and perhaps the choice itself. */
interface AnswerArguments {
  readonly node: unknown;
  readonly step: unknown;
  readonly choice: unknown;
  /** The attempt that was seen to ask, where the choice comes with it. */
  readonly attempt: unknown;
}

/** Asks for the operator's choice where a step of a run waits for it, and lets the run go on. */
export async function answerQuestion(
  shell: Shell,
  { node, step, choice, attempt }: AnswerArguments,
): Promise<void> {
  const asked = await questionTarget(shell, node, step);
  if (!asked) return;
  const { run, question } = asked;
  const picked = typeof choice === 'string' ? choice : await pickOption(asked);
  if (picked === undefined) return;
  const cairn = await shell.company.open();
  const seen = typeof attempt === 'number' ? attempt : question.attempt;
  await cairn.answer(run, { step: question.step, attempt: seen, choice: picked });
  void shell.executor.drive(cairn, run);
  shell.data.refresh();
  vscode.window.setStatusBarMessage(`$(check) Answered: ${picked}`, SHORT_MS);
}

/** Tells a run that an event has happened which it waits for, now or later. */
export async function signalEvent(shell: Shell, node: unknown, event: unknown): Promise<void> {
  const target = await eventTarget(shell, node, event);
  if (!target) return;
  const text = await vscode.window.showInputBox({
    title: `“${target.event}” has happened`,
    prompt: 'What is to be told of it? Later steps may use these words.',
    placeHolder: 'May be left empty',
    ignoreFocusOut: true,
  });
  if (text === undefined) return;
  const cairn = await shell.company.open();
  await cairn.signal(target.run, { event: target.event, text: text.trim() });
  void shell.executor.drive(cairn, target.run);
  shell.data.refresh();
}

async function pickOption({ question }: QuestionNode): Promise<string | undefined> {
  const { wait, name } = question;
  const items = wait.options.map((option) => ({ label: option }));
  const options = { title: wait.question, placeHolder: name, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}

async function questionTarget(
  shell: Shell,
  given: unknown,
  step: unknown,
): Promise<QuestionNode | undefined> {
  if (isApprovalNode(given) && given.kind === 'question') return given;
  const { run, step: wanted } = placeOf(given, step);
  const fitting = questionNodes((await listRuns(shell)).filter(({ id }) => run === undefined || id === run));
  const named = fitting.filter(({ question }) => wanted === undefined || question.step === wanted);
  const [only] = named;
  if (!only) {
    await vscode.window.showInformationMessage('No question waits for your answer.');
    return undefined;
  }
  if (named.length === 1) return only;
  const items = named.map((one) => ({
    label: one.question.wait.question,
    description: questionDescription(one, Date.now()),
    detail: one.run,
    iconPath: new vscode.ThemeIcon('question'),
    one,
  }));
  const options = { placeHolder: 'Answer which question?', matchOnDetail: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.one;
}

interface RunEvent {
  readonly run: string;
  readonly event: string;
}

async function eventTarget(shell: Shell, given: unknown, event: unknown): Promise<RunEvent | undefined> {
  const { run, step } = placeOf(given, undefined);
  if (run !== undefined && typeof event === 'string') return { run, event };
  const found = await knownTo(shell, run, step);
  const [only] = found;
  if (!only) {
    await vscode.window.showInformationMessage('No run waits for an event.');
    return undefined;
  }
  if (found.length === 1 && run !== undefined) return only;
  const items = found.map((one) => ({
    label: one.event,
    description: one.isAwaited ? `${one.workflowName} waits for it` : `${one.workflowName} will wait for it`,
    detail: one.run,
    iconPath: new vscode.ThemeIcon('broadcast'),
    one,
  }));
  const options = { placeHolder: 'Which event has happened?', matchOnDetail: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.one;
}

interface KnownEvent extends RunEvent {
  readonly workflowName: string;
  readonly isAwaited: boolean;
}

/** The events of the runs that are not over, those first that a step waits for by now. */
async function knownTo(
  shell: Shell,
  only: string | undefined,
  step: string | undefined,
): Promise<readonly KnownEvent[]> {
  const { knownEvents } = await import('../../engine/waits.ts');
  const cairn = await shell.company.open();
  const open = (await listRuns(shell)).filter(
    ({ id, status }) =>
      (only === undefined || id === only) && (status.is === 'running' || status.is === 'waiting'),
  );
  const found = open.map(async ({ id, workflowName, waits }): Promise<KnownEvent[]> => {
    const awaited = waits.flatMap((one) => {
      return one.wait.for === 'event' && (step === undefined || one.step === step) ? [one.wait.event] : [];
    });
    const known = step === undefined ? knownEvents(await cairn.showRun(id)) : [];
    return [...new Set([...awaited, ...known])].map((event) => {
      return { run: id, event, workflowName, isAwaited: awaited.includes(event) };
    });
  });
  const events = (await Promise.all(found)).flat();
  return events.toSorted((a, b) => Number(b.isAwaited) - Number(a.isAwaited));
}

async function listRuns(shell: Shell): Promise<readonly RunSummary[]> {
  return (await (await shell.company.open()).listRuns()).runs;
}

function placeOf(given: unknown, step: unknown): { readonly run?: string; readonly step?: string } {
  const node = runArgument(given);
  const named = typeof step === 'string' ? { step } : {};
  if (typeof node === 'string') return { run: node, ...named };
  if (node?.kind === 'run') return { run: node.summary.id };
  return node?.kind === 'step' ? { run: node.run, step: node.step } : {};
}
