import { describeWait } from './describe-waits.ts';
import type { Cairn } from '../app/cairn.ts';
import type { Disposable } from '../base/disposable.ts';
import { describeFailure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';
import type { JournalRecord, RunEventOf } from '../contracts/journal.ts';
import type { RunState } from '../contracts/run.ts';
import { countText, durationText, momentText, personText } from '../protocol/wording.ts';

/** Tells in lines what happens to a run, as its journal grows. */
export class ProgressLines implements Disposable {
  readonly #cairn: Cairn;
  readonly #run: string;
  readonly #say: (line: string) => void;
  #watching: Disposable | undefined;
  #told = 0;
  #printing: Promise<void> = Promise.resolve();

  constructor(cairn: Cairn, run: string, say: (line: string) => void) {
    this.#cairn = cairn;
    this.#run = run;
    this.#say = say;
  }

  /** What lies in the past is not told again. */
  async begin(): Promise<void> {
    const journal = await this.#cairn.showJournal(this.#run);
    this.#told = journal.length > 1 ? journal.length : 0;
    this.#watching = this.#cairn.onDidChangeRun(() => void this.print(), this.#run);
  }

  /** Tells what has come since; calls follow one another. */
  print(): Promise<void> {
    this.#printing = this.#printing.then(() => this.#tell()).catch(() => undefined);
    return this.#printing;
  }

  dispose(): void {
    this.#watching?.dispose();
  }

  async #tell(): Promise<void> {
    const journal = await this.#cairn.showJournal(this.#run);
    const state = await this.#cairn.showRun(this.#run);
    for (const record of journal.slice(this.#told)) {
      const line = lineOf(record, journal, state);
      if (line) this.#say(line);
    }
    this.#told = Math.max(this.#told, journal.length);
  }
}

const decided = { approve: 'approved', reject: 'rejected', changes: 'sent back' } as const;

function lineOf(
  record: JournalRecord,
  journal: readonly JournalRecord[],
  state: RunState,
): string | undefined {
  const { event } = record;
  const name = 'step' in event && event.step ? nameOf(state, event.step) : '';
  switch (event.type) {
    case 'run.started':
      return `${state.definition.workflow.name}, with ${event.data.model}`;
    case 'step.completed': {
      if (state.steps.get(event.step)?.step.kind === 'gate') return undefined;
      const proposal = event.data.proposal;
      const made = proposal ? ` → proposal ${proposal.n}: ${proposal.intent}` : '';
      const answer = answerIn(event.data.output);
      if (answer !== undefined) return `✓ ${name}: ${answer}`;
      return `✓ ${name} (${durationText(record.at - startOf(journal, event.step, event.attempt))})${made}`;
    }
    case 'step.waiting':
      return `… ${describeWait({ step: event.step, name, wait: event.data.wait }, record.at)}`;
    case 'gate.reminded':
      return `… ${name} still waits for your decision`;
    case 'signal.received':
      return `• “${event.data.event}” has happened${event.data.text ? `: ${event.data.text}` : ''}`;
    case 'step.expanded':
      return expandedLine(name, event.data);
    case 'step.failed': {
      const again =
        event.data.retryAtMs === undefined
          ? ''
          : ` Again at ${momentText(event.data.retryAtMs, record.at)}, in ${durationText(event.data.retryAtMs - record.at)}.`;
      return `✗ ${name}: ${describeFailure(event.data.failure)}${again}`;
    }
    case 'step.sent-back':
      return `↺ ${nameOf(state, event.data.to)} again: ${event.data.feedback.text.split('\n')[0] ?? ''}`;
    case 'step.skipped':
      return event.data.by === 'workflow'
        ? `» ${name} left out: ${event.data.why}`
        : `» ${name} skipped by ${personText(event.data.by)}: ${event.data.why}`;
    case 'decision.made': {
      const { n, verdict, by, who } = event.data;
      return `• proposal ${n}: ${decided[verdict]} by ${by === 'policy' ? 'policy: ' : ''}${personText(who)}`;
    }
    case 'decision.refused':
      return `• proposal ${event.data.n} was not decided: ${event.data.why}`;
    case 'apply.completed':
      return `✓ proposal ${event.data.n} applied as ${event.data.commit.slice(0, 8)}`;
    case 'apply.blocked':
      return `✗ proposal ${event.data.n} is approved but could not be applied: ${describeFailure(event.data.failure)}`;
    default:
      return undefined;
  }
}

/** What the operator has chosen, or was taken for their choice. */
function answerIn(output: Json): string | undefined {
  if (typeof output !== 'object' || output === null || !('answer' in output)) return undefined;
  return typeof output.answer === 'string' ? output.answer : undefined;
}

function nameOf({ steps }: RunState, step: string): string {
  return steps.get(step)?.step.name ?? step;
}

function expandedLine(name: string, { parts, steps }: RunEventOf<'step.expanded'>['data']): string {
  const count = Array.isArray(steps) ? countText(steps.length, 'step') : countText(parts.length, 'part');
  return `… ${name}: ${count}`;
}

function startOf(journal: readonly JournalRecord[], step: string, attempt: number): number {
  const started = journal.find(
    ({ event }) => event.type === 'step.started' && event.step === step && event.attempt === attempt,
  );
  return started?.at ?? 0;
}
