import * as vscode from 'vscode';
import type { Cairn } from '../app/cairn.ts';
import type { Failure } from '../base/failure.ts';
import { AppError, toFailure } from '../base/failure.ts';
import { shellFailures } from '../base/failures/vscode.ts';
import type { ModelProvider } from '../contracts/model.ts';

/** What this window has open, as far as Cairn is concerned. */
export type CompanyState =
  | { readonly is: 'no-folder' }
  | { readonly is: 'untrusted'; readonly root: vscode.Uri }
  | { readonly is: 'no-company'; readonly root: vscode.Uri }
  | { readonly is: 'opening'; readonly root: vscode.Uri }
  | { readonly is: 'failed'; readonly root: vscode.Uri; readonly failure: Failure }
  | { readonly is: 'open'; readonly root: vscode.Uri; readonly cairn: Cairn };

export interface CompanyOptions {
  readonly model: ModelProvider;
  readonly log: vscode.LogOutputChannel;
}

/** The company of this window. Opened when it is first needed; never in a folder that is not trusted. */
export class Company implements vscode.Disposable {
  readonly #options: CompanyOptions;
  readonly #changed = new vscode.EventEmitter<CompanyState>();
  readonly onDidChange = this.#changed.event;
  #state: CompanyState = { is: 'no-folder' };
  #opening: Promise<CompanyState> | undefined;

  constructor(options: CompanyOptions) {
    this.#options = options;
  }

  get state(): CompanyState {
    return this.#state;
  }

  get root(): vscode.Uri | undefined {
    return this.#state.is === 'no-folder' ? undefined : this.#state.root;
  }

  /** The open company. Throws `company.missing`, `company.read-only`, `git.*` when there is none. */
  async open(): Promise<Cairn> {
    const state = this.#state.is === 'open' ? this.#state : await this.look();
    switch (state.is) {
      case 'open':
        return state.cairn;
      case 'failed':
        throw new AppError(state.failure);
      case 'untrusted':
        throw shellFailures.untrusted();
      case 'no-company':
      case 'opening':
        throw shellFailures.noCompany();
      case 'no-folder':
        throw shellFailures.noFolder();
    }
  }

  /** Looks at the folders anew, and opens the company that is there. One look at a time. */
  look(): Promise<CompanyState> {
    this.#opening ??= this.#look().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  dispose(): void {
    if (this.#state.is === 'open') this.#state.cairn.dispose();
    this.#changed.dispose();
  }

  async #look(): Promise<CompanyState> {
    const { root, isCompany } = await findRoot();
    if (!root) return this.#become({ is: 'no-folder' });
    if (!vscode.workspace.isTrusted) return this.#become({ is: 'untrusted', root });
    if (!isCompany) return this.#become({ is: 'no-company', root });
    if (this.#state.is === 'open' && this.#state.root.toString() === root.toString()) return this.#state;
    await this.#become({ is: 'opening', root });
    try {
      const { openCairn } = await import('../app/assemble.ts');
      const { log, model } = this.#options;
      const cairn = await openCairn(root.fsPath, { model, log: (line) => log.info(line) });
      return await this.#become({ is: 'open', root, cairn });
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.#options.log.error(failure.message);
      return this.#become({ is: 'failed', root, failure });
    }
  }

  async #become(state: CompanyState): Promise<CompanyState> {
    if (this.#state.is === 'open') this.#state.cairn.dispose();
    this.#state = state;
    await vscode.commands.executeCommand('setContext', 'cairn.state', state.is);
    const code = state.is === 'failed' ? state.failure.code : undefined;
    await vscode.commands.executeCommand('setContext', 'cairn.failure', code);
    this.#changed.fire(state);
    return state;
  }
}

/** The first folder that is a company; else the first folder. */
async function findRoot(): Promise<{ root?: vscode.Uri; isCompany: boolean }> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  for (const { uri } of folders) {
    if (await isFolder(vscode.Uri.joinPath(uri, '.cairn'))) return { root: uri, isCompany: true };
  }
  const [first] = folders;
  return first ? { root: first.uri, isCompany: false } : { isCompany: false };
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.Directory;
  } catch {
    return false;
  }
}
