import * as vscode from 'vscode';
import { memoryTree, noteDescription, noteIcon, noteTooltip } from './memory-model.ts';
import type { MemoryNode, NoteNode } from './memory-model.ts';
import { Coalescer } from '../coalescer.ts';
import type { Company } from '../company.ts';
import { countText } from '../../protocol/wording.ts';

const BURST_MS = 300;

/** The notes of long-term memory by folder; read while the view can be seen. */
export class MemoryView implements vscode.TreeDataProvider<MemoryNode>, vscode.Disposable {
  readonly #company: Company;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #onError: (thrown: unknown) => void;
  readonly #subscriptions: vscode.Disposable[];
  #nodes: readonly MemoryNode[] = [];
  #stale = true;

  constructor(company: Company, onError: (thrown: unknown) => void) {
    this.#company = company;
    this.#onError = onError;
    const view = vscode.window.createTreeView('cairn.memory', {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    const watcher = vscode.workspace.createFileSystemWatcher('**/memory/**/*.md');
    const burst = new Coalescer(async () => this.#forget(), BURST_MS, onError);
    const ask = () => burst.request();
    this.#subscriptions = [
      view,
      this.#changed,
      burst,
      watcher,
      watcher.onDidCreate(ask),
      watcher.onDidChange(ask),
      watcher.onDidDelete(ask),
      company.onDidChange(() => this.#forget()),
    ];
  }

  /** Asked for the roots only while the view can be seen, so nothing is read before. */
  async getChildren(node?: MemoryNode): Promise<MemoryNode[]> {
    if (node) return node.kind === 'folder' ? [...node.children] : [];
    if (this.#stale) await this.#read();
    return [...this.#nodes];
  }

  getTreeItem(node: MemoryNode): vscode.TreeItem {
    if (node.kind === 'note') return noteItem(node, this.#company.root);
    const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = node.path;
    item.iconPath = vscode.ThemeIcon.Folder;
    item.description = countText(node.count, 'note');
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #forget(): void {
    this.#stale = true;
    this.#changed.fire();
  }

  async #read(): Promise<void> {
    this.#stale = false;
    const { reader } = this.#company;
    try {
      this.#nodes = reader ? memoryTree((await reader.listNotes()).notes) : [];
    } catch (thrown) {
      this.#onError(thrown);
    }
  }
}

function noteItem({ note }: NoteNode, root: vscode.Uri | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(note.head.title, vscode.TreeItemCollapsibleState.None);
  item.id = note.path;
  item.description = noteDescription(note);
  item.tooltip = new vscode.MarkdownString(noteTooltip(note));
  item.iconPath = new vscode.ThemeIcon(noteIcon(note));
  item.contextValue = 'note';
  if (root) {
    const uri = vscode.Uri.joinPath(root, note.path);
    item.command = { command: 'vscode.open', title: 'Open Note', arguments: [uri, { preview: true }] };
  }
  return item;
}
