import * as vscode from 'vscode';
import { openSource } from './open-source.ts';
import { webviewPage, webviewRoot } from './webview-page.ts';
import { Coalescer } from '../coalescer.ts';
import type { Company } from '../company.ts';
import type { CompanyData } from '../company-data.ts';
import { toFailure } from '../../base/failure.ts';
import { timelineFromWebview } from '../../protocol/timeline.ts';
import type { TimelineFromWebview, TimelineToWebview } from '../../protocol/timeline.ts';

const REFRESH_MS = 150;

export interface TimelinePanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly company: Company;
  readonly data: CompanyData;
  readonly log: vscode.LogOutputChannel;
}

/** The timeline of one run. Posts only what has changed, and only while it can be seen. */
export class TimelinePanel implements vscode.Disposable {
  readonly run: string;
  readonly #panel: vscode.WebviewPanel;
  readonly #options: TimelinePanelOptions;
  readonly #refresh: Coalescer;
  readonly #subscriptions: vscode.Disposable[];
  /** The last message of each type, as text. */
  readonly #posted = new Map<string, string>();
  #ready = false;
  #step: string | undefined;

  constructor(panel: vscode.WebviewPanel, run: string, options: TimelinePanelOptions) {
    this.run = run;
    this.#panel = panel;
    this.#options = options;
    this.#refresh = new Coalescer(
      () => this.#update(),
      REFRESH_MS,
      (thrown) => options.log.error(String(thrown)),
    );
    const ask = () => this.#refresh.request();
    this.#subscriptions = [
      this.#refresh,
      panel.webview.onDidReceiveMessage((message: unknown) => this.#onMessage(message)),
      panel.onDidChangeViewState(ask),
      options.company.onDidChange(ask),
      options.data.onDidChangeRun((changed) => {
        if (changed === run) ask();
      }),
    ];
    const icon = (theme: string) =>
      vscode.Uri.joinPath(options.extensionUri, 'media', `timeline-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(options.extensionUri)] };
    panel.webview.html = webviewPage(panel.webview, options.extensionUri, {
      name: 'timeline',
      title: panel.title,
      run,
    });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Selects a step, as a click on it would. */
  select(step: string): void {
    this.#step = step;
    this.#posted.clear();
    this.#refresh.request();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #update(): Promise<void> {
    if (!this.#ready || !this.#panel.visible) return;
    await this.#post(await this.#timeline());
    if (this.#step !== undefined) await this.#post(await this.#detail(this.#step));
  }

  async #timeline(): Promise<TimelineToWebview> {
    try {
      const view = await (await this.#options.company.openToRead()).showTimeline(this.run);
      this.#panel.title = view.workflow;
      return { type: 'timeline', view };
    } catch (thrown) {
      return { type: 'failed', failure: toFailure(thrown) };
    }
  }

  async #detail(step: string): Promise<TimelineToWebview> {
    try {
      return {
        type: 'step',
        detail: await (await this.#options.company.openToRead()).showStep(this.run, step),
      };
    } catch (thrown) {
      return { type: 'failed', failure: toFailure(thrown), step };
    }
  }

  async #post(message: TimelineToWebview): Promise<void> {
    const text = JSON.stringify(message);
    if (this.#posted.get(message.type) === text) return;
    this.#posted.set(message.type, text);
    await this.#panel.webview.postMessage(message);
  }

  #onMessage(message: unknown): void {
    const parsed = timelineFromWebview.safeParse(message);
    if (parsed.success) void this.#obey(parsed.data);
    else this.#options.log.warn('A message of the timeline was dropped: it has an unknown shape.');
  }

  async #obey(message: TimelineFromWebview): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#posted.clear();
        return this.#refresh.request();
      case 'select-step':
        this.#step = message.step ?? undefined;
        this.#posted.delete('step');
        return this.#refresh.request();
      case 'open-source':
        return openSource(message.uri, this.#options.company.root);
      case 'review':
        return vscode.commands.executeCommand('cairn.reviewProposal', message.proposal);
      case 'retry':
        return vscode.commands.executeCommand('cairn.retryRun', this.run);
      case 'retry-step':
        return vscode.commands.executeCommand('cairn.retryStep', this.run, message.step);
      case 'edit-and-retry':
        return vscode.commands.executeCommand('cairn.editAndRetry', this.run, message.step);
      case 'take-step':
        return vscode.commands.executeCommand('cairn.takeStep', this.run, message.step);
      case 'skip-step':
        return vscode.commands.executeCommand('cairn.skipStep', this.run, message.step);
      case 'answer':
        return vscode.commands.executeCommand(
          'cairn.answerQuestion',
          this.run,
          message.step,
          message.choice,
          message.attempt,
        );
      case 'signal':
        return vscode.commands.executeCommand('cairn.signalEvent', this.run, message.event);
      case 'stop':
        return vscode.commands.executeCommand('cairn.stopRun', this.run);
      case 'configure-model':
        return vscode.commands.executeCommand('cairn.configureModels');
    }
  }
}
