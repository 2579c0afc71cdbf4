import * as vscode from 'vscode';
import {
  badgeText,
  checkKey,
  countAwaiting,
  fileDescription,
  groupByRun,
  groupDescription,
  proposalDescription,
  proposalLabel,
  proposalSpoken,
  proposalTooltip,
  questionDescription,
  questionLabel,
  questionNodes,
} from './approvals-model.ts';
import type { ApprovalNode, FileNode, ProposalNode, QuestionNode, RunGroup } from './approvals-model.ts';
import { proposalScheme } from '../adapters/proposal-uri.ts';
import type { CompanyData } from '../company-data.ts';
import type { ProposalSummary } from '../../app/cairn.ts';
import { countText } from '../../protocol/wording.ts';

/** Questions to the operator, and proposals that wait for them, by run, with check marks for deciding several at once. */
export class ApprovalsView implements vscode.TreeDataProvider<ApprovalNode>, vscode.Disposable {
  readonly #data: CompanyData;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ApprovalNode>;
  readonly #subscriptions: vscode.Disposable[];
  #checked: ReadonlySet<string> = new Set();
  /** The questions as they were drawn last, as text. */
  #asked = '[]';

  constructor(data: CompanyData) {
    this.#data = data;
    this.#view = vscode.window.createTreeView('cairn.approvals', {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
      manageCheckboxStateManually: true,
    });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      this.#view.onDidChangeCheckboxState(({ items }) => this.#onChecked(items)),
      data.onDidChangeProposals(() => this.#onData()),
      data.onDidChangeRuns(() => this.#onRuns()),
    ];
  }

  /** Checked proposals that still wait in the version that was checked. */
  get checked(): readonly ProposalSummary[] {
    return this.#data.proposals.filter((summary) => summary.awaiting && this.#checked.has(checkKey(summary)));
  }

  get selected(): readonly ProposalSummary[] {
    return this.#view.selection.flatMap(proposalsOf);
  }

  /** Shows a proposal in the tree without taking the focus. */
  async reveal(id: string): Promise<void> {
    const groups = groupByRun(this.#data.proposals);
    const node = groups.flatMap(({ proposals }) => proposals).find(({ summary }) => summary.id === id);
    if (node) await this.#view.reveal(node, { select: true, focus: false });
  }

  getChildren(node?: ApprovalNode): ApprovalNode[] {
    if (!node) return [...questionNodes(this.#data.runs.runs), ...groupByRun(this.#data.proposals)];
    if (node.kind === 'run') return [...node.proposals];
    if (node.kind === 'file' || node.kind === 'question') return [];
    const { summary } = node;
    return summary.current.files.map((change): FileNode => ({ kind: 'file', proposal: summary, change }));
  }

  getParent(node: ApprovalNode): ApprovalNode | undefined {
    if (node.kind === 'run' || node.kind === 'question') return undefined;
    if (node.kind === 'file') return { kind: 'proposal', summary: node.proposal };
    return groupByRun(this.#data.proposals).find(({ run }) => run === node.summary.run);
  }

  getTreeItem(node: ApprovalNode): vscode.TreeItem {
    if (node.kind === 'question') return questionItem(node);
    if (node.kind === 'run') return this.#groupItem(node);
    return node.kind === 'file' ? fileItem(node) : this.#proposalItem(node);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #groupItem(group: RunGroup): vscode.TreeItem {
    const { run, workflowName, proposals } = group;
    const item = new vscode.TreeItem(workflowName, vscode.TreeItemCollapsibleState.Expanded);
    item.id = run;
    item.description = groupDescription(group, Date.now());
    item.contextValue = 'approvalRun';
    const waiting = proposals.filter(({ summary }) => summary.awaiting);
    if (waiting.length > 1) item.checkboxState = stateOf(waiting.every((node) => this.#isChecked(node)));
    item.tooltip = `${countText(proposals.length, 'proposal')} of ${run}`;
    return item;
  }

  #proposalItem(node: ProposalNode): vscode.TreeItem {
    const { summary } = node;
    const item = new vscode.TreeItem(proposalLabel(summary), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = checkKey(summary);
    item.description = proposalDescription(summary);
    item.tooltip = new vscode.MarkdownString(proposalTooltip(summary));
    item.contextValue = summary.awaiting ? 'proposal' : 'proposalBlocked';
    if (summary.awaiting) item.checkboxState = stateOf(this.#isChecked(node));
    else item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.orange'));
    item.accessibilityInformation = { label: proposalSpoken(summary) };
    item.command = { command: 'cairn.reviewProposal', title: 'Review Proposal', arguments: [node] };
    return item;
  }

  #isChecked({ summary }: ProposalNode): boolean {
    return this.#checked.has(checkKey(summary));
  }

  #onChecked(items: readonly (readonly [ApprovalNode, vscode.TreeItemCheckboxState])[]): void {
    const checked = new Set(this.#checked);
    for (const [node, state] of items) {
      for (const summary of proposalsOf(node).filter(({ awaiting }) => awaiting)) {
        if (state === vscode.TreeItemCheckboxState.Checked) checked.add(checkKey(summary));
        else checked.delete(checkKey(summary));
      }
    }
    const before = this.#checkedRuns();
    this.#setChecked(checked);
    // The editor has drawn the boxes that were clicked; drawing all anew would swallow the next click.
    const isAboutRun = items.some(([{ kind }]) => kind === 'run');
    if (isAboutRun || before !== this.#checkedRuns()) this.#changed.fire();
  }

  /** The runs whose proposals are all checked, as text. */
  #checkedRuns(): string {
    const groups = groupByRun(this.#data.proposals);
    return groups
      .filter(({ proposals }) => proposals.every((node) => this.#isChecked(node)))
      .map(({ run }) => run)
      .join();
  }

  #onData(): void {
    const awaiting = this.#data.proposals.filter((summary) => summary.awaiting).map(checkKey);
    this.#setChecked(new Set(awaiting.filter((key) => this.#checked.has(key))));
    this.#showBadge();
    this.#changed.fire();
  }

  /** Runs change often, and their questions seldom: a tree that is drawn anew swallows clicks. */
  #onRuns(): void {
    const asked = JSON.stringify(questionNodes(this.#data.runs.runs));
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#showBadge();
    this.#changed.fire();
  }

  #showBadge(): void {
    const proposals = countAwaiting(this.#data.proposals);
    const questions = questionNodes(this.#data.runs.runs).length;
    const value = proposals + questions;
    this.#view.badge = value === 0 ? undefined : { value, tooltip: badgeText(proposals, questions) };
  }

  #setChecked(checked: ReadonlySet<string>): void {
    this.#checked = checked;
    void vscode.commands.executeCommand('setContext', 'cairn.hasChecked', checked.size > 0);
  }
}

/** The proposals that an entry of the tree stands for. */
export function proposalsOf(node: ApprovalNode): readonly ProposalSummary[] {
  if (node.kind === 'question') return [];
  if (node.kind === 'run') return node.proposals.map(({ summary }) => summary);
  return [node.kind === 'file' ? node.proposal : node.summary];
}

function questionItem(node: QuestionNode): vscode.TreeItem {
  const item = new vscode.TreeItem(questionLabel(node), vscode.TreeItemCollapsibleState.None);
  item.id = `${node.run}?${node.question.step}`;
  item.description = questionDescription(node, Date.now());
  item.tooltip = `${node.question.wait.question}\n${node.question.wait.options.join(' / ')}`;
  item.iconPath = new vscode.ThemeIcon('question', new vscode.ThemeColor('charts.yellow'));
  item.contextValue = 'question';
  item.accessibilityInformation = { label: `${questionLabel(node)}, ${item.description}` };
  item.command = { command: 'cairn.answerQuestion', title: 'Answer Question', arguments: [node] };
  return item;
}

function fileItem(node: FileNode): vscode.TreeItem {
  const { change, proposal } = node;
  // The scheme keeps decorations of the operator's own files (git, problems) away from proposed ones.
  const uri = vscode.Uri.from({ scheme: proposalScheme, path: `/${change.path}` });
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.None);
  item.id = `${checkKey(proposal)}/${change.path}`;
  item.iconPath = vscode.ThemeIcon.File;
  item.description = fileDescription(change);
  item.tooltip = change.path;
  item.contextValue = 'proposalFile';
  item.command = { command: 'cairn.reviewProposal', title: 'Review File', arguments: [node] };
  return item;
}

function stateOf(checked: boolean): vscode.TreeItemCheckboxState {
  return checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked;
}
