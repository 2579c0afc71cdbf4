import * as vscode from 'vscode';
import { askInputs } from './ask-inputs.ts';
import { showFailure } from '../failure-message.ts';
import type { Shell } from '../shell.ts';
import type { WorkflowListing } from '../../app/cairn.ts';
import { AppError } from '../../base/failure.ts';

/** Asks for a workflow and its inputs, starts it, and shows what is going on without taking the focus. */
export async function runWorkflow(shell: Shell, argument: unknown): Promise<void> {
  const cairn = await shell.company.open();
  const { workflows, problems } = await cairn.listWorkflows();
  const [problem] = problems;
  if (workflows.length === 0 && problem) throw new AppError(problem);
  if (problem) void showFailure(new AppError(problem), shell.company.root);
  const named = workflows.find(({ id }) => id === argument);
  const workflow = named ?? (await pickWorkflow(workflows));
  if (!workflow) return;
  const inputs = await askInputs(workflow);
  if (!inputs) return;
  const run = await cairn.startRun({ workflow: workflow.id, inputs, trigger: 'manual' });
  shell.data.refresh();
  const title = `Running ${workflow.name}`;
  const done = shell.executor.drive(cairn, run);
  void vscode.window.withProgress({ location: { viewId: 'cairn.runs' }, title }, () => done);
  await shell.timelines.open(run);
}

async function pickWorkflow(workflows: readonly WorkflowListing[]): Promise<WorkflowListing | undefined> {
  if (workflows.length === 0) {
    await vscode.window.showInformationMessage(
      'The company has no workflow yet. Add one in .cairn/workflows.',
    );
    return undefined;
  }
  const items = workflows.map((workflow) => ({
    label: workflow.name,
    description: workflow.id,
    detail: workflow.description ?? '',
    workflow,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Run Workflow',
    placeHolder: 'Which workflow?',
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return picked?.workflow;
}
