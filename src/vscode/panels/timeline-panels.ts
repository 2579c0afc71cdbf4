import * as vscode from 'vscode';
import type { TimelinePanel, TimelinePanelOptions } from './timeline-panel.ts';

export const timelineViewType = 'cairn.timeline';

/** The open timelines: one for each run, restored after a reload of the window. */
export class TimelinePanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #options: TimelinePanelOptions;
  readonly #panels = new Map<string, TimelinePanel>();
  readonly #registration: vscode.Disposable;

  constructor(options: TimelinePanelOptions) {
    this.#options = options;
    this.#registration = vscode.window.registerWebviewPanelSerializer(timelineViewType, this);
  }

  /** Shows the timeline of a run, and in it a step. */
  async open(run: string, step?: string): Promise<void> {
    const panel = this.#panels.get(run) ?? (await this.#adopt(this.#create(), run));
    panel.reveal();
    if (step !== undefined) panel.select(step);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { timelineKeptState } = await import('../../protocol/timeline.ts');
    const kept = timelineKeptState.safeParse(state);
    if (kept.success && !this.#panels.has(kept.data.run)) await this.#adopt(panel, kept.data.run);
    else panel.dispose();
  }

  dispose(): void {
    this.#registration.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }

  #create(): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(timelineViewType, 'Timeline', vscode.ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
  }

  async #adopt(webview: vscode.WebviewPanel, run: string): Promise<TimelinePanel> {
    const { TimelinePanel } = await import('./timeline-panel.ts');
    const panel = new TimelinePanel(webview, run, this.#options);
    this.#panels.set(run, panel);
    webview.onDidDispose(() => {
      panel.dispose();
      this.#panels.delete(run);
    });
    return panel;
  }
}
