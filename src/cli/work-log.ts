import type { Terminal } from './terminal.ts';
import type { Cairn, Driven, TriggerNews } from '../app/cairn.ts';
import { describeFailure, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import type { RunStatus } from '../contracts/run.ts';

/** What the worker tells of. */
type WorkEvent =
  | { readonly event: 'working' | 'keeping' | 'following' | 'ended' }
  | { readonly event: 'started'; readonly workflow: string; readonly run: string; readonly trigger: string }
  | {
      readonly event: 'woken';
      readonly workflow: string;
      readonly run: string;
      readonly step: string;
      readonly trigger: string;
    }
  | { readonly event: 'note'; readonly workflow: string; readonly trigger: string; readonly text: string }
  | {
      readonly event: 'problem';
      readonly workflow?: string | undefined;
      readonly trigger?: string | undefined;
      readonly run?: string | undefined;
      readonly failure: Failure;
    }
  | { readonly event: 'taken-over'; readonly run: string }
  | { readonly event: 'rested'; readonly run: string; readonly driven: Driven; readonly status: RunStatus };

/** A line for each thing that the worker does; with `--json` a document each. */
export class WorkLog {
  readonly #terminal: Terminal;
  readonly #cairn: Cairn;
  #written: Promise<void> = Promise.resolve();
  #sawFailure = false;
  #sawWaiting = false;

  constructor(terminal: Terminal, cairn: Cairn) {
    this.#terminal = terminal;
    this.#cairn = cairn;
  }

  /** Whether a run has failed, or something could not be started. */
  get sawFailure(): boolean {
    return this.#sawFailure;
  }

  /** Whether a run waits for a decision. */
  get sawWaiting(): boolean {
    return this.#sawWaiting;
  }

  tell(event: WorkEvent): void {
    this.#sawFailure ||= event.event === 'problem';
    const atMs = Date.now();
    this.#terminal.line({ atMs, ...event }, () => `${timeOf(atMs)}  ${textOf(event)}`);
  }

  news(news: TriggerNews): void {
    switch (news.is) {
      case 'started':
        return this.tell({ event: 'started', workflow: news.workflow, run: news.run, trigger: news.trigger });
      case 'woken': {
        const { is: event, ...what } = news;
        return this.tell({ event, ...what });
      }
      case 'note':
        return this.tell({ event: 'note', workflow: news.workflow, trigger: news.trigger, text: news.text });
      case 'problem': {
        const { workflow, trigger, failure } = news;
        return this.tell({ event: 'problem', workflow, trigger, failure });
      }
    }
  }

  failed(thrown: unknown, run?: string): void {
    this.tell({ event: 'problem', run, failure: toFailure(thrown) });
  }

  /** How far a run came is read before it is told. */
  rested(run: string, driven: Driven): void {
    if (driven === 'held') return;
    this.#written = this.#written.then(async () => {
      const { status } = await this.#cairn.showRun(run);
      this.#sawFailure ||= status.is === 'failed';
      this.#sawWaiting ||= status.is === 'waiting';
      this.tell({ event: 'rested', run, driven, status });
    });
    this.#written = this.#written.catch((thrown: unknown) => this.failed(thrown, run));
  }

  /** Resolves when all is told. */
  written(): Promise<void> {
    return this.#written;
  }
}

function textOf(event: WorkEvent): string {
  switch (event.event) {
    case 'working':
      return 'At work until Ctrl+C: runs go on, and triggers start others.';
    case 'keeping':
      return 'Keeps the triggers.';
    case 'following':
      return 'Another process keeps the triggers; this one takes them over when it ends.';
    case 'ended':
      return 'Ended: what was started goes on from here next time.';
    case 'started':
      return `▸ ${event.run}: started by ${event.trigger}`;
    case 'woken':
      return `▸ ${event.run}, ${event.step}: woken by ${event.trigger}`;
    case 'taken-over':
      return `▸ ${event.run}: goes on`;
    case 'note':
      return `• ${event.workflow}, ${event.trigger}: ${event.text}`;
    case 'problem':
      return `✗ ${[event.workflow ?? event.run, event.trigger, describeFailure(event.failure)].filter(Boolean).join(', ')}`;
    case 'rested':
      return `${event.run}: ${restText(event.run, event.status)}`;
  }
}

function restText(run: string, status: RunStatus): string {
  switch (status.is) {
    case 'waiting':
      return `waits for ${status.for}. Look: cairn show ${run}`;
    case 'succeeded':
      return 'done';
    case 'failed':
      return `failed: ${describeFailure(status.failure)}`;
    case 'stopped':
      return `stopped: ${status.why}`;
    case 'running':
      return 'let go';
  }
}

/** `2026-01-05 09:00:00`, in UTC. */
function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
