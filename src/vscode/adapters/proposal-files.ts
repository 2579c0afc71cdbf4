import * as vscode from 'vscode';
import { readProposalQuery } from './proposal-uri.ts';
import type { Company } from '../company.ts';

const MOST_KEPT = 200;

/**
 * The files of proposals as read-only documents. A URI names a commit, so what it shows never changes and
 * can be kept; nothing of the operator's is read or written (promise P1).
 */
export class ProposalFiles implements vscode.FileSystemProvider {
  readonly #company: Company;
  readonly #kept = new Map<string, Promise<Uint8Array>>();
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  constructor(company: Company) {
    this.#company = company;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const key = uri.toString();
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const reading = this.#read(uri);
    this.#kept.set(key, reading);
    reading.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return reading;
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  async #read(uri: vscode.Uri): Promise<Uint8Array> {
    const side = readProposalQuery(uri.query);
    if (!side) throw vscode.FileSystemError.FileNotFound(uri);
    const cairn = await this.#company.open();
    const content = await cairn.readProposalFile(side.proposal, side.commit, uri.path.slice(1));
    if (!content) throw vscode.FileSystemError.FileNotFound(uri);
    return content;
  }
}
