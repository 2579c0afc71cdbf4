import * as vscode from 'vscode';
import { definitionPath, definitionScheme, readDefinitionPath } from './definition-uri.ts';
import type { DefinitionSide } from './definition-uri.ts';
import type { Company } from '../company.ts';

/** The definitions of runs as read-only documents, to be compared. */
export class DefinitionDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #company: Company;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(company: Company) {
    this.#company = company;
  }

  /** Shows what has changed from the definition that a run is pinned to; what is open already is read anew. */
  async compare(run: string, title: string): Promise<void> {
    const [pinned, current] = [uriOf(run, 'pinned'), uriOf(run, 'current')];
    this.#changed.fire(pinned);
    this.#changed.fire(current);
    await vscode.commands.executeCommand('vscode.diff', pinned, current, title);
  }

  /** The run whose comparison is in front. */
  get compared(): string | undefined {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab && comparedIn(tab);
  }

  /** Closes the comparison of a run. */
  async close(run: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(
      tabs.filter((tab) => comparedIn(tab) === run),
      true,
    );
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const named = readDefinitionPath(uri.path);
    if (!named) throw vscode.FileSystemError.FileNotFound(uri);
    const { texts } = await (await this.#company.open()).planMigration(named.run);
    return texts[named.side];
  }
}

function uriOf(run: string, side: DefinitionSide['side']): vscode.Uri {
  return vscode.Uri.from({ scheme: definitionScheme, path: definitionPath({ run, side }) });
}

function comparedIn({ input }: vscode.Tab): string | undefined {
  if (!(input instanceof vscode.TabInputTextDiff)) return undefined;
  const { scheme, path } = input.modified;
  return scheme === definitionScheme ? readDefinitionPath(path)?.run : undefined;
}
