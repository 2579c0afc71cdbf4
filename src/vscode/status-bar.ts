import * as vscode from 'vscode';
import type { Company } from './company.ts';
import type { CompanyData } from './company-data.ts';
import { countAwaiting, questionNodes } from './views/approvals-model.ts';
import { statusBarText, statusBarTooltip } from './views/runs-model.ts';

/** What waits for the operator and what runs, always in sight. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('cairn.status', vscode.StatusBarAlignment.Left, 50);
  readonly #subscriptions: vscode.Disposable[];

  constructor(company: Company, data: CompanyData) {
    this.#item.name = 'Cairn';
    this.#subscriptions = [
      this.#item,
      company.onDidChange(() => this.#show(company, data)),
      data.onDidChangeRuns(() => this.#show(company, data)),
      data.onDidChangeProposals(() => this.#show(company, data)),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #show(company: Company, data: CompanyData): void {
    if (company.state.is !== 'open') return this.#item.hide();
    const { runs } = data.runs;
    const awaiting = countAwaiting(data.proposals);
    const running = runs.filter(({ status }) => status.is === 'running').length;
    const questions = questionNodes(runs).length;
    this.#item.text = statusBarText(awaiting + questions, running);
    const tooltip = statusBarTooltip(awaiting, running, questions);
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: `Cairn: ${tooltip}` };
    this.#item.command = runs.length === 0 ? 'cairn.runWorkflow' : 'cairn.approvals.focus';
    this.#item.show();
  }
}
