import { foldProposalEvent, withdrawOpen } from './fold-proposals.ts';
import { foldRaise } from './fold-budgets.ts';
import { endUnsent, noteSending } from './fold-effects.ts';
import { foldStepEvent } from './fold-steps.ts';
import { emptyProposals, keepState, restoreState } from './snapshot.ts';
import { StepTable } from './step-table.ts';
import { waitingFor } from './waiting.ts';
import type { JournalRecord, RunEventOf } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { RunSnapshot, Snapshots } from '../contracts/runs.ts';
import type { Folding } from './folding.ts';
import type { Definition, RunStatus } from '../contracts/run.ts';

/**
 * The state of a run after its records (promise P5). Owns no time, randomness or I/O; each record
 * costs the same however many came before it.
 */
export class RunFold implements Snapshots {
  #state: Folding | undefined;
  readonly run: string;

  constructor(run: string, records: readonly JournalRecord[] = []) {
    this.run = run;
    for (const record of records) this.apply(record);
  }

  /** The state, or nothing before `run.started`. It changes with the next record. */
  get state(): Folding | undefined {
    return this.#state;
  }

  restore(snapshot: RunSnapshot): boolean {
    const state = restoreState(snapshot);
    if (state?.id !== this.run) return false;
    this.#state = state;
    return true;
  }

  keep(): RunSnapshot | undefined {
    return this.#state && keepState(this.#state);
  }

  apply(record: JournalRecord): void {
    if (record.event.type === 'run.started') this.#state ??= started(this.run, record, record.event);
    else if (this.#state) foldRecord(this.#state, record);
  }
}

function foldRecord(state: Folding, record: JournalRecord): void {
  if (record.order !== undefined) state.obeyed.add(record.order);
  foldEvent(state, record);
  state.status = settle(state);
  state.at = record.n;
  state.updatedAtMs = record.at;
}

function foldEvent(state: Folding, { event, at }: JournalRecord): void {
  switch (event.type) {
    case 'run.started':
    case 'run.resumed':
      return;
    case 'run.completed':
      state.status = { is: 'succeeded' };
      return;
    case 'run.failed':
      state.status = { is: 'failed', ...event.data };
      return;
    case 'run.stopped':
      withdrawOpen(state, event.data.why);
      state.status = { is: 'stopped', ...event.data };
      return;
    case 'budget.raised':
      return foldRaise(state, event, at);
    case 'effect.noted':
      return noteSending(state, event, at);
    case 'effect.unsent':
      return endUnsent(state, event.data);
    case 'signal.received': {
      const { event: name, text, by } = event.data;
      state.signals.set(name, { atMs: at, by, text });
      return;
    }
    case 'decision.made':
    case 'decision.refused':
    case 'apply.started':
    case 'apply.completed':
    case 'apply.skipped':
    case 'apply.blocked':
      foldProposalEvent(state, event);
      return;
    default:
      foldStepEvent(state, event, at);
  }
}

/** Between `running` and `waiting` the steps decide; an end stands until a retry. */
function settle(state: Folding): RunStatus {
  if (state.status.is !== 'running' && state.status.is !== 'waiting') return state.status;
  const reason = waitingFor(state);
  return reason === undefined ? { is: 'running' } : { is: 'waiting', for: reason };
}

function started(run: string, record: JournalRecord, event: RunEventOf<'run.started'>): Folding {
  const { definitionHash, inputs, trigger, outside = [], after = [], forked, by, model } = event.data;
  // The journal's checksum vouches for the definition: it was valid when this program wrote it.
  const definition = event.data.definition as unknown as Definition;
  return {
    id: run,
    definition,
    definitionHash,
    inputs,
    trigger,
    outside,
    after,
    ...(forked ? { forked } : {}),
    by,
    model,
    status: { is: 'running' },
    steps: new StepTable(definition.workflow.steps),
    proposals: emptyProposals(),
    nextProposal: 1,
    gates: new Map(),
    signals: new Map(),
    delivered: new Map(),
    doubts: new Map(),
    obeyed: new Set(),
    cost: noCost,
    attempts: 0,
    raised: new Map(),
    tainted: outside.length > 0,
    startedAtMs: record.at,
    updatedAtMs: record.at,
    at: record.n,
  };
}
