import * as vscode from 'vscode';
import { readDefinitionPath } from './definition-uri.ts';
import type { Company } from '../company.ts';

/** The definitions of runs as read-only documents, to be compared. */
export class DefinitionDocuments implements vscode.TextDocumentContentProvider {
  readonly #company: Company;

  constructor(company: Company) {
    this.#company = company;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const named = readDefinitionPath(uri.path);
    if (!named) throw vscode.FileSystemError.FileNotFound(uri);
    const { texts } = await (await this.#company.open()).planMigration(named.run);
    return texts[named.side];
  }
}
