import * as vscode from 'vscode';
import { proposalQuery, proposalScheme, readProposalQuery } from './adapters/proposal-uri.ts';
import { proposalLabel } from './views/approvals-model.ts';
import type { ProposalSummary } from '../app/cairn.ts';
import type { FileChange } from '../contracts/proposal.ts';

/** A proposal's version that is on the screen; a decision made there is about it and no other. */
export interface Review {
  readonly proposal: string;
  readonly version: string;
}

/** The open reviews, and which of them is in front. */
export class Reviews implements vscode.Disposable {
  readonly #byTitle = new Map<string, Review>();
  readonly #subscriptions = [
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      this.#forget(closed);
      this.#showCurrent();
    }),
    vscode.window.tabGroups.onDidChangeTabGroups(() => this.#showCurrent()),
    vscode.window.onDidChangeActiveTextEditor(() => this.#showCurrent()),
  ];

  /** The review in front, if any. */
  get current(): Review | undefined {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const titles = [...this.#byTitle].filter(([title]) => tab && isTitled(tab, title));
    // One title may begin another one; the longest is the tab's own.
    const [own] = titles.sort(([a], [b]) => b.length - a.length);
    return own?.[1] ?? reviewOf(vscode.window.activeTextEditor?.document.uri);
  }

  /** Opens the diff of a proposal's current version: what it was made on at the left, the proposal at the right. */
  async open(proposal: ProposalSummary, root: vscode.Uri, only?: FileChange): Promise<void> {
    const { current } = proposal;
    const files = only ? [only] : current.files;
    const resources = files.map((file) => sidesOf(proposal, file, root));
    const title = this.#titleOf(proposal, only);
    this.#byTitle.set(title, { proposal: proposal.id, version: current.commit });
    await vscode.commands.executeCommand('vscode.changes', title, resources);
    this.#showCurrent();
  }

  /** Closes the reviews of a version that has been decided. */
  async close({ proposal, version }: Review): Promise<void> {
    const titles = [...this.#byTitle].filter(
      ([, one]) => one.proposal === proposal && one.version === version,
    );
    const tabs = allTabs().filter((tab) => titles.some(([title]) => isTitled(tab, title)));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Short, since the actions stand beside it; the intent is in the tree and its tooltip. */
  #titleOf(proposal: ProposalSummary, only: FileChange | undefined): string {
    const { id, current, workflowName } = proposal;
    const file = only ? [only.path.slice(only.path.lastIndexOf('/') + 1)] : [];
    const title = `Review: ${[...file, proposalLabel(proposal), workflowName].join(' · ')}`;
    const taken = this.#byTitle.get(title);
    if (!taken || (taken.proposal === id && taken.version === current.commit)) return title;
    return `${title} · ${id.slice(-6)} v${current.version}`;
  }

  #forget(closed: readonly vscode.Tab[]): void {
    const open = allTabs();
    for (const title of this.#byTitle.keys()) {
      const isClosed = closed.some((tab) => isTitled(tab, title));
      if (isClosed && !open.some((tab) => isTitled(tab, title))) this.#byTitle.delete(title);
    }
  }

  #showCurrent(): void {
    void vscode.commands.executeCommand('setContext', 'cairn.reviewing', this.current !== undefined);
  }
}

function allTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

/** The editor puts the number of files behind the title that it was given. */
function isTitled({ label }: vscode.Tab, title: string): boolean {
  return (
    label === title || (label.startsWith(`${title} (`) && /^ \(\d+ [^()]+\)$/.test(label.slice(title.length)))
  );
}

type Sides = readonly [label: vscode.Uri, base: vscode.Uri | undefined, proposed: vscode.Uri | undefined];

function sidesOf({ id, current }: ProposalSummary, file: FileChange, root: vscode.Uri): Sides {
  const uri = (path: string, commit: string) =>
    vscode.Uri.from({
      scheme: proposalScheme,
      path: `/${path}`,
      query: proposalQuery({ proposal: id, version: current.commit, commit }),
    });
  return [
    vscode.Uri.joinPath(root, file.path),
    file.kind === 'added' ? undefined : uri(file.from ?? file.path, current.base),
    file.kind === 'deleted' ? undefined : uri(file.path, current.commit),
  ];
}

function reviewOf(uri: vscode.Uri | undefined): Review | undefined {
  if (uri?.scheme !== proposalScheme) return undefined;
  const side = readProposalQuery(uri.query);
  return side && { proposal: side.proposal, version: side.version };
}
