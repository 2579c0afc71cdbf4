import type * as vscode from 'vscode';
import type { Company, CompanyState } from './company.ts';
import type { TriggerNews } from '../app/cairn.ts';
import type { RunExecutor } from '../app/run-executor.ts';
import { describeFailure } from '../base/failure.ts';

export interface TriggerKeeperOptions {
  readonly company: Company;
  readonly executor: RunExecutor;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Keeps the triggers while a company is open in a trusted window, and executes what they start. What they start shows
 * among the runs and asks like any other; what they cannot start is told by the log, the doctor and the list of triggers.
 */
export class TriggerKeeper implements vscode.Disposable {
  readonly #options: TriggerKeeperOptions;
  readonly #subscription: vscode.Disposable;
  #keeping = new AbortController();

  constructor(options: TriggerKeeperOptions) {
    this.#options = options;
    this.#subscription = options.company.onDidChange((state) => this.#follow(state));
  }

  dispose(): void {
    this.#keeping.abort();
    this.#subscription.dispose();
  }

  #follow(state: CompanyState): void {
    this.#keeping.abort();
    if (state.is !== 'open') return;
    const { executor, log } = this.#options;
    this.#keeping = new AbortController();
    const keeping = state.cairn.keepTriggers({
      signal: this.#keeping.signal,
      onNews: (news) => {
        tell(log, news);
        if (news.is === 'started' || news.is === 'woken') void executor.drive(state.cairn, news.run);
      },
      onTurn: (isOurs) =>
        log.info(isOurs ? 'This window keeps the triggers' : 'Another process keeps the triggers'),
    });
    keeping.catch((thrown: unknown) => log.error(thrown instanceof Error ? thrown : String(thrown)));
  }
}

function tell(log: vscode.LogOutputChannel, news: TriggerNews): void {
  switch (news.is) {
    case 'started':
      return log.info(`${news.run}: started by ${news.trigger}`);
    case 'woken':
      return log.info(`${news.run}, ${news.step}: woken by ${news.trigger}`);
    case 'note':
      return log.info(`${news.workflow}, ${news.trigger}: ${news.text}`);
    case 'problem': {
      const place = [news.workflow, news.trigger].filter(Boolean).join(', ');
      return log.warn([place, describeFailure(news.failure)].filter(Boolean).join(': '));
    }
  }
}
