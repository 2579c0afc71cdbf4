import * as vscode from 'vscode';
import type { Company } from './company.ts';
import { remedies, showFailure } from './failure-message.ts';
import { checkKey } from './views/approvals-model.ts';
import type { Driven, ProposalSummary, RunSummary } from '../app/cairn.ts';
import { AppError } from '../base/failure.ts';
import { countText } from '../protocol/wording.ts';

const SHORT_MS = 6_000;

/** Tells the operator when a run of this window comes to rest: once for each batch, and never taking the focus. */
export class RunNotices {
  readonly #company: Company;
  /** Versions that were told of. */
  readonly #told = new Set<string>();

  constructor(company: Company) {
    this.#company = company;
  }

  async onRest(run: string, driven: Driven): Promise<void> {
    const { state } = this.#company;
    if (state.is !== 'open' || driven === 'interrupted' || driven === 'held') return;
    const proposals = await state.cairn.listProposals();
    const waiting = proposals.filter(
      (one) => one.run === run && one.awaiting && !this.#told.has(checkKey(one)),
    );
    for (const one of waiting) this.#told.add(checkKey(one));
    if (waiting.length > 0) return this.#ask(run, waiting);
    const blocked = proposals.find((one) => one.run === run && one.blocked);
    if (blocked?.blocked) return showFailure(new AppError(blocked.blocked), state.root);
    const { runs } = await state.cairn.listRuns();
    const summary = runs.find(({ id }) => id === run);
    if (summary) await this.#tellEnd(summary);
  }

  async #ask(run: string, waiting: readonly ProposalSummary[]): Promise<void> {
    const [first] = waiting;
    const text = `${countText(waiting.length, 'proposal')} ${waiting.length === 1 ? 'waits' : 'wait'} for your decision`;
    const picked = await vscode.window.showInformationMessage(
      `${text} (${first?.workflowName ?? run}).`,
      'Review',
      'Open Timeline',
    );
    if (picked === 'Open Timeline') await vscode.commands.executeCommand('cairn.openTimeline', run);
    if (picked !== 'Review') return;
    if (waiting.length === 1) await vscode.commands.executeCommand('cairn.reviewProposal', first?.id);
    else await vscode.commands.executeCommand('cairn.approvals.focus');
  }

  async #tellEnd({ id, workflowName, status }: RunSummary): Promise<void> {
    if (status.is === 'succeeded') {
      vscode.window.setStatusBarMessage(`$(pass) ${workflowName} is completed`, SHORT_MS);
    } else if (status.is === 'failed') {
      const text = `${workflowName} failed: ${status.failure.message} ${status.failure.remedy ?? ''}`.trim();
      const remedy = remedies[status.failure.code];
      const buttons = [...(remedy ? [remedy.title] : []), 'Open Timeline', 'Retry'];
      const picked = await vscode.window.showErrorMessage(text, ...buttons);
      if (picked === 'Open Timeline') await vscode.commands.executeCommand('cairn.openTimeline', id);
      else if (picked === 'Retry') await vscode.commands.executeCommand('cairn.retryRun', id);
      else if (picked && remedy) await vscode.commands.executeCommand(remedy.command);
    }
  }
}
