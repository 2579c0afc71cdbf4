import * as vscode from 'vscode';
import { Coalescer } from './coalescer.ts';
import type { Company } from './company.ts';
import type { Failure } from '../base/failure.ts';

const REFRESH_MS = 300;
const watched = ['**/.cairn/{workflows,agents,connectors}/*', '**/.cairn/policy.yaml', '**/memory/**/*.md'];

/** What is wrong with the company's own files, in the Problems panel with its place and remedy; gone when mended. */
export class CompanyDiagnostics implements vscode.Disposable {
  readonly #company: Company;
  readonly #collection = vscode.languages.createDiagnosticCollection('cairn');
  readonly #check: Coalescer;
  readonly #subscriptions: vscode.Disposable[];

  constructor(company: Company, onError: (thrown: unknown) => void) {
    this.#company = company;
    this.#check = new Coalescer(() => this.#refresh(), REFRESH_MS, onError);
    const ask = () => this.#check.request();
    const watchers = watched.map((glob) => vscode.workspace.createFileSystemWatcher(glob));
    this.#subscriptions = [
      this.#collection,
      this.#check,
      ...watchers,
      ...watchers.flatMap((one) => [one.onDidCreate(ask), one.onDidChange(ask), one.onDidDelete(ask)]),
      company.onDidChange(ask),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #refresh(): Promise<void> {
    const { reader, root } = this.#company;
    const failures = reader ? await reader.checkCompany() : [];
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const failure of failures) {
      const file = failure.at?.file;
      if (file !== undefined) byFile.set(file, [...(byFile.get(file) ?? []), diagnosticOf(failure)]);
    }
    this.#collection.clear();
    if (!root) return;
    for (const [file, diagnostics] of byFile) {
      this.#collection.set(vscode.Uri.joinPath(root, file), diagnostics);
    }
    await vscode.commands.executeCommand('setContext', 'cairn.broken', failures.length > 0);
  }
}

function diagnosticOf({ at, code, message, kept, remedy }: Failure): vscode.Diagnostic {
  const line = Math.max(0, (at?.line ?? 1) - 1);
  const column = Math.max(0, (at?.column ?? 1) - 1);
  const text = [message, kept, remedy].filter(Boolean).join(' ');
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, column, line, Number.MAX_SAFE_INTEGER),
    text,
  );
  diagnostic.source = 'Cairn';
  diagnostic.code = code;
  return diagnostic;
}
