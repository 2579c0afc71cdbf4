import * as vscode from 'vscode';
import type { Company } from './company.ts';
import { remedies, showFailure } from './failure-message.ts';
import { checkKey, questionNodes } from './views/approvals-model.ts';
import type { QuestionNode } from './views/approvals-model.ts';
import { plainNotice } from './views/markdown-text.ts';
import type { Driven, ProposalSummary, RunSummary } from '../app/cairn.ts';
import { AppError } from '../base/failure.ts';
import { countText } from '../protocol/wording.ts';

const SHORT_MS = 6_000;

/** Tells the operator when a run of this window comes to rest: once for each batch, and never taking the focus. */
export class RunNotices {
  readonly #company: Company;
  /** Versions and questions that were told of. */
  readonly #told = new Set<string>();
  /** How often each run had reminded when this window last looked. */
  readonly #reminders = new Map<string, number>();
  /** Runs whose reminder is on the screen. */
  readonly #reminding = new Set<string>();

  constructor(company: Company) {
    this.#company = company;
  }

  async onRest(run: string, driven: Driven): Promise<void> {
    const { state } = this.#company;
    if (state.is !== 'open' || driven === 'interrupted' || driven === 'held') return;
    const [all, { runs }] = await Promise.all([state.cairn.listProposals(), state.cairn.listRuns()]);
    const proposals = all.filter((one) => one.run === run);
    const summary = runs.find(({ id }) => id === run);
    const questions = questionNodes(summary ? [summary] : []);
    // Each notice stays until it is pressed or closed, and none waits for another.
    await Promise.all([
      this.#tell(run, proposals, summary),
      ...questions.filter((one) => this.#isNew(questionKey(one))).map((one) => this.#askAnswer(one)),
    ]);
  }

  async #tell(
    run: string,
    proposals: readonly ProposalSummary[],
    summary: RunSummary | undefined,
  ): Promise<void> {
    const waiting = proposals.filter((one) => one.awaiting && this.#isNew(checkKey(one)));
    if (summary && this.#hasReminded(summary) && waiting.length === 0)
      return this.#remind(summary, proposals);
    if (waiting.length > 0) return this.#ask(run, waiting);
    const blocked = proposals.find((one) => one.blocked);
    if (blocked?.blocked) return showFailure(new AppError(blocked.blocked), this.#company.root);
    if (summary) await this.#tellEnd(summary);
  }

  /** Whether it was not told of before. */
  #isNew(key: string): boolean {
    const isNew = !this.#told.has(key);
    this.#told.add(key);
    return isNew;
  }

  /** Whether a gate of the run has reminded of its question since this window last looked. */
  #hasReminded({ id, reminders }: RunSummary): boolean {
    const before = this.#reminders.get(id) ?? 0;
    this.#reminders.set(id, reminders);
    return reminders > before;
  }

  /** One notice for each run: a reminder says nothing new while the one before is still there. */
  async #remind({ id, workflowName }: RunSummary, proposals: readonly ProposalSummary[]): Promise<void> {
    if (this.#reminding.has(id)) return;
    this.#reminding.add(id);
    const waiting = proposals.filter(({ awaiting }) => awaiting);
    try {
      const picked = await vscode.window.showInformationMessage(
        `${workflowName} still waits for your decision.`,
        'Review',
      );
      if (picked === 'Review') await review(waiting);
    } finally {
      this.#reminding.delete(id);
    }
  }

  async #askAnswer(node: QuestionNode): Promise<void> {
    const text = `${plainNotice(node.question.wait.question)} (${node.workflowName})`;
    const picked = await vscode.window.showInformationMessage(text, 'Answer', 'Open Timeline');
    const { run, question } = node;
    if (picked === 'Open Timeline') {
      await vscode.commands.executeCommand('cairn.openTimeline', run, question.step);
    } else if (picked) {
      await vscode.commands.executeCommand('cairn.answerQuestion', run, question.step);
    }
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
    if (picked === 'Review') await review(waiting);
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

async function review(waiting: readonly ProposalSummary[]): Promise<void> {
  const [first, ...others] = waiting;
  if (first && others.length === 0) await vscode.commands.executeCommand('cairn.reviewProposal', first.id);
  else await vscode.commands.executeCommand('cairn.approvals.focus');
}

function questionKey({ run, question }: QuestionNode): string {
  return `${run}?${question.step}:${question.wait.question}`;
}
