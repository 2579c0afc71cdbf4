import * as vscode from 'vscode';
import { runContext, runDescription, runSign, runTooltip, stepNodes } from './runs-model.ts';
import type { Sign, StepNode } from './runs-model.ts';
import type { Company } from '../company.ts';
import type { CompanyData } from '../company-data.ts';
import type { RunSummary } from '../../app/cairn.ts';
import type { Failure } from '../../base/failure.ts';
import { describeFailure, toFailure } from '../../base/failure.ts';

interface RunNode {
  readonly kind: 'run';
  readonly summary: RunSummary;
}

interface ProblemNode {
  readonly kind: 'problem';
  readonly name: string;
  readonly failure: Failure;
}

export type RunsNode = RunNode | StepNode | ProblemNode;

export interface RunsViewOptions {
  readonly company: Company;
  readonly data: CompanyData;
}

/** Runs, newest first, with their steps below. */
export class RunsView implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #options: RunsViewOptions;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(options: RunsViewOptions) {
    this.#options = options;
    const view = vscode.window.createTreeView('cairn.runs', {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.#subscriptions = [view, this.#changed, options.data.onDidChangeRuns(() => this.#changed.fire())];
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    const { runs, problems } = this.#options.data.runs;
    if (!node) {
      return [
        ...problems.map(({ run, failure }): ProblemNode => ({ kind: 'problem', name: run, failure })),
        ...runs.map((summary): RunNode => ({ kind: 'run', summary })),
      ];
    }
    if (node.kind === 'step') return [...node.children];
    return node.kind === 'run' ? this.#steps(node.summary) : [];
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    switch (node.kind) {
      case 'run':
        return this.#runItem(node.summary);
      case 'step':
        return stepItem(node);
      case 'problem':
        return problemItem(node);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #steps(summary: RunSummary): Promise<RunsNode[]> {
    const { state } = this.#options.company;
    if (state.is !== 'open') return [];
    try {
      return [...stepNodes(await state.cairn.showTimeline(summary.id), Date.now())];
    } catch (thrown) {
      return [{ kind: 'problem', name: 'Its steps cannot be read', failure: toFailure(thrown) }];
    }
  }

  #runItem(summary: RunSummary): vscode.TreeItem {
    const item = new vscode.TreeItem(summary.workflowName, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = summary.id;
    item.description = runDescription(summary, Date.now());
    const sign = runSign(summary, Date.now());
    item.iconPath = iconOf(sign);
    item.contextValue = runContext(summary);
    item.tooltip = runTooltip(summary, Date.now());
    item.accessibilityInformation = {
      label: `${summary.workflowName}, ${sign.label}, ${item.description}`,
    };
    item.command = { command: 'cairn.openTimeline', title: 'Open Timeline', arguments: [summary.id] };
    return item;
  }
}

function stepItem({ run, step, name, sign, description, context, children }: StepNode): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(name, children.length > 0 ? Collapsed : None);
  item.id = `${run}/${step}`;
  item.description = description;
  item.iconPath = iconOf(sign);
  item.contextValue = context;
  item.command = { command: 'cairn.openTimeline', title: 'Open Timeline', arguments: [run, step] };
  return item;
}

function problemItem({ name, failure }: ProblemNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
  item.description = failure.message;
  item.tooltip = describeFailure(failure);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.orange'));
  item.contextValue = 'problem';
  return item;
}

function iconOf({ icon, color }: Sign): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}
