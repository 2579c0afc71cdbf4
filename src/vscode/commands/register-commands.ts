import * as vscode from 'vscode';
import { answerQuestion, signalEvent } from './answer-question.ts';
import { configureModels } from './configure-models.ts';
import { createCompany } from './create-company.ts';
import { approve, decideChecked, reject, requestChanges } from './decide.ts';
import { doctor } from './doctor.ts';
import { forkRun } from './fork-run.ts';
import { initializeRepository } from './initialize-repository.ts';
import { pruneRuns, restoreRun } from './keep-runs.ts';
import { editAndRetry, retryStep, skipStep, takeStep } from './mend-step.ts';
import { migrateRun } from './migrate-run.ts';
import { replayRun } from './replay-run.ts';
import { reviewProposal } from './review.ts';
import { runWorkflow } from './run-workflow.ts';
import { copyRunId, openTimeline, resumeRun, retryRun, revertRun, runArgument, stopRun } from './runs.ts';
import type { RunArgument } from './runs.ts';
import { searchMemory } from './search-memory.ts';
import { setConnectorSecret } from './set-connector-secret.ts';
import { showTriggers } from './show-triggers.ts';
import { isApprovalNode, proposalArgument } from './targets.ts';
import type { ProposalArgument } from './targets.ts';
import { showFailure } from '../failure-message.ts';
import type { Shell } from '../shell.ts';
import type { ApprovalNode } from '../views/approvals-model.ts';

const walkthrough = 'cairn.cairn#cairn.start';

type OnProposals = (
  shell: Shell,
  target: ProposalArgument,
  selected: readonly ApprovalNode[] | undefined,
) => Promise<void>;

/** Registers every command; whatever one throws is shown with its remedy. */
export function registerCommands(shell: Shell): vscode.Disposable[] {
  const register = (id: string, run: (...given: readonly unknown[]) => Promise<void>) =>
    vscode.commands.registerCommand(`cairn.${id}`, async (...given: readonly unknown[]) => {
      try {
        await run(...given);
      } catch (thrown) {
        shell.log.warn(
          `${id}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
        );
        void showFailure(thrown, shell.company.root);
      }
    });
  const decision = (id: string, run: OnProposals) =>
    register(id, (node, selected) => run(shell, proposalArgument(node), nodesOf(selected)));
  const onRun = (id: string, run: (shell: Shell, target: RunArgument) => Promise<void>) =>
    register(id, (node) => run(shell, runArgument(node)));
  return [
    register('runWorkflow', (id) => runWorkflow(shell, id)),
    register('openTimeline', (node, step) => openTimeline(shell, runArgument(node), step)),
    register('reviewProposal', (node) => reviewProposal(shell, proposalArgument(node))),
    decision('approve', approve),
    decision('reject', reject),
    decision('requestChanges', requestChanges),
    register('approveChecked', () => decideChecked(shell, 'approve')),
    register('rejectChecked', () => decideChecked(shell, 'reject')),
    onRun('resumeRun', resumeRun),
    onRun('retryRun', retryRun),
    register('retryStep', (run, step) => retryStep(shell, run, step)),
    register('editAndRetry', (run, step) => editAndRetry(shell, run, step)),
    register('takeStep', (run, step) => takeStep(shell, run, step)),
    register('skipStep', (run, step) => skipStep(shell, run, step)),
    register('answerQuestion', (node, step, choice, attempt) =>
      answerQuestion(shell, { node, step, choice, attempt }),
    ),
    register('signalEvent', (node, event) => signalEvent(shell, node, event)),
    onRun('stopRun', stopRun),
    onRun('revertRun', revertRun),
    onRun('forkRun', forkRun),
    onRun('replayRun', replayRun),
    onRun('migrateRun', migrateRun),
    onRun('copyRunId', copyRunId),
    onRun('restoreRun', restoreRun),
    register('pruneRuns', () => pruneRuns(shell)),
    register('searchMemory', (text) => searchMemory(shell, text)),
    register('showTriggers', () => showTriggers(shell)),
    register('createCompany', () => createCompany(shell)),
    register('initializeRepository', () => initializeRepository(shell)),
    register('configureModels', () => configureModels(shell)),
    register('setConnectorSecret', () => setConnectorSecret(shell)),
    register('doctor', () => doctor(shell)),
    register('openWalkthrough', async () => {
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
    }),
    register('showLog', async () => shell.log.show()),
    register('lookAgain', async () => {
      await shell.company.look();
      shell.data.refresh();
    }),
  ];
}

function nodesOf(given: unknown): readonly ApprovalNode[] | undefined {
  return Array.isArray(given) ? given.filter(isApprovalNode) : undefined;
}
