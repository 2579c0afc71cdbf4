import * as vscode from 'vscode';
import { Coalescer } from './coalescer.ts';
import type { Company } from './company.ts';
import type { Cairn, ProposalSummary, RunListing } from '../app/cairn.ts';
import type { Disposable } from '../base/disposable.ts';

const REFRESH_MS = 120;
/** Ages are shown in minutes. */
const AGES_MS = 60_000;

/** What the views show of runs and proposals: read once for all of them, and again when a run changes. */
export class CompanyData implements vscode.Disposable {
  readonly #company: Company;
  readonly #runsChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeRuns = this.#runsChanged.event;
  readonly #proposalsChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeProposals = this.#proposalsChanged.event;
  readonly #runChanged = new vscode.EventEmitter<string>();
  readonly onDidChangeRun = this.#runChanged.event;
  readonly #refresh: Coalescer;
  readonly #subscription: vscode.Disposable;
  readonly #ages = setInterval(() => this.#fire(), AGES_MS);
  #watching: Disposable | undefined;
  /** The lists as they were last told of, as text. */
  readonly #told = { runs: '', proposals: '' };
  #runs: RunListing = { runs: [], problems: [] };
  #proposals: readonly ProposalSummary[] = [];

  constructor(company: Company, onError: (thrown: unknown) => void) {
    this.#company = company;
    this.#refresh = new Coalescer(() => this.#read(), REFRESH_MS, onError);
    this.#subscription = company.onDidChange(() => this.#follow(company.reader));
  }

  get runs(): RunListing {
    return this.#runs;
  }

  get proposals(): readonly ProposalSummary[] {
    return this.#proposals;
  }

  /** Asks for the lists to be read again soon. */
  refresh(): void {
    this.#refresh.request();
  }

  dispose(): void {
    clearInterval(this.#ages);
    this.#subscription.dispose();
    this.#watching?.dispose();
    this.#refresh.dispose();
    this.#runsChanged.dispose();
    this.#proposalsChanged.dispose();
    this.#runChanged.dispose();
  }

  #follow(cairn: Cairn | undefined): void {
    this.#watching?.dispose();
    this.#watching = cairn?.onDidChangeRun((run) => {
      this.#runChanged.fire(run);
      this.#refresh.request();
    });
    this.#refresh.request();
  }

  async #read(): Promise<void> {
    const { reader } = this.#company;
    if (reader) {
      [this.#runs, this.#proposals] = await Promise.all([reader.listRuns(), reader.listProposals()]);
    } else {
      this.#runs = { runs: [], problems: [] };
      this.#proposals = [];
    }
    await vscode.commands.executeCommand('setContext', 'cairn.read', reader !== undefined);
    // While a tree is drawn anew its entries cannot be clicked, so it is only when it would look different.
    if (this.#differs('runs', this.#runs)) this.#runsChanged.fire();
    if (this.#differs('proposals', this.#proposals)) this.#proposalsChanged.fire();
  }

  #differs(list: 'runs' | 'proposals', value: object): boolean {
    const text = JSON.stringify(value);
    const differs = this.#told[list] !== text;
    this.#told[list] = text;
    return differs;
  }

  #fire(): void {
    this.#runsChanged.fire();
    this.#proposalsChanged.fire();
  }
}
