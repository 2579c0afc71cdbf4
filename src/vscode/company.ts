import * as vscode from 'vscode';
import type { Cairn } from '../app/cairn.ts';
import type { Failure } from '../base/failure.ts';
import { AppError, toFailure } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import type { ConnectorSecrets } from './adapters/connector-secrets.ts';
import { shellFailures } from '../base/failures/vscode.ts';
import type { ModelProvider } from '../contracts/model.ts';

/** What this window has open, as far as Cairn is concerned. */
export type CompanyState =
  | { readonly is: 'no-folder' }
  /** What lies on disk can be read; without a company there is nothing to read. */
  | { readonly is: 'untrusted'; readonly root: vscode.Uri; readonly cairn: Cairn | undefined }
  | { readonly is: 'no-company'; readonly root: vscode.Uri }
  | { readonly is: 'opening'; readonly root: vscode.Uri }
  | { readonly is: 'failed'; readonly root: vscode.Uri; readonly failure: Failure }
  | { readonly is: 'open'; readonly root: vscode.Uri; readonly cairn: Cairn };

export interface CompanyOptions {
  readonly model: ModelProvider;
  readonly secrets: ConnectorSecrets;
  readonly log: vscode.LogOutputChannel;
}

/** The company of this window. Opened when it is first needed; in a folder that is not trusted only to be read. */
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
        throw appFailures.untrusted();
      case 'no-company':
      case 'opening':
        throw shellFailures.noCompany();
      case 'no-folder':
        throw shellFailures.noFolder();
    }
  }

  /** The company as far as it can be read, whether or not its folder is trusted. */
  get reader(): Cairn | undefined {
    return 'cairn' in this.#state ? this.#state.cairn : undefined;
  }

  /** The company to be read alone. Throws what `open` throws, but for a folder that is not trusted. */
  async openToRead(): Promise<Cairn> {
    return this.reader ?? (await this.open());
  }

  /** Looks at the folders anew, and opens the company that is there. One look at a time. */
  look(): Promise<CompanyState> {
    this.#opening ??= this.#look().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  dispose(): void {
    this.reader?.dispose();
    this.#changed.dispose();
  }

  async #look(): Promise<CompanyState> {
    const { root, isCompany } = await findRoot();
    if (!root) return this.#become({ is: 'no-folder' });
    if (!vscode.workspace.isTrusted) return this.#lookWithoutTrust(root, isCompany);
    if (!isCompany) return this.#become({ is: 'no-company', root });
    if (this.#state.is === 'open' && this.#state.root.toString() === root.toString()) return this.#state;
    await this.#become({ is: 'opening', root });
    try {
      return await this.#become({ is: 'open', root, cairn: await this.#openIn(root, true) });
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.#options.log.error(failure.message);
      return this.#become({ is: 'failed', root, failure });
    }
  }

  async #lookWithoutTrust(root: vscode.Uri, isCompany: boolean): Promise<CompanyState> {
    const cairn = isCompany ? await this.#openIn(root, false) : undefined;
    return this.#become({ is: 'untrusted', root, cairn });
  }

  async #openIn(root: vscode.Uri, trusted: boolean): Promise<Cairn> {
    const { openCairn } = await import('../app/assemble.ts');
    const { log, model, secrets } = this.#options;
    return openCairn(root.fsPath, {
      trusted,
      model,
      secretOf: secrets.of(root),
      log: (line) => log.info(line),
    });
  }

  async #become(state: CompanyState): Promise<CompanyState> {
    this.reader?.dispose();
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
