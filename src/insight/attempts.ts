import type { Failure } from '../base/failure.ts';
import type { JournalRecord, RunEvent } from '../contracts/journal.ts';
import type { Cost } from '../contracts/proposal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { BarStatus } from '../protocol/timeline.ts';

/** One try at a step as the journal tells it; a gate's attempt is the time it was open. */
export interface AttemptTrace {
  readonly step: string;
  readonly number: number;
  readonly status: BarStatus;
  readonly startMs: number;
  readonly endMs?: number | undefined;
  readonly retryAtMs?: number | undefined;
  readonly cost: Cost;
  readonly failure?: Failure | undefined;
  /** Number of the proposal that it made. */
  readonly proposal?: number | undefined;
}

type AttemptEvent = Extract<RunEvent, { step: string; attempt: number }>;

/** Every attempt of a run in the order of their starts. What was under way when the run ended is `stopped`. */
export function traceAttempts(records: readonly JournalRecord[]): readonly AttemptTrace[] {
  const traces = new Map<string, AttemptTrace>();
  for (const { event, at } of records) {
    if (isEnd(event)) closeAll(traces, at);
    else if ('attempt' in event) foldAttempt(traces, event, at);
  }
  return [...traces.values()];
}

function foldAttempt(traces: Map<string, AttemptTrace>, event: AttemptEvent, atMs: number): void {
  const key = `${event.step}/${event.attempt}`;
  const trace = traces.get(key) ?? begun(event, atMs);
  switch (event.type) {
    case 'step.started':
      closeAsked(traces, event.step, atMs);
      traces.set(key, { ...trace, status: 'running' });
      return;
    case 'step.expanded':
    case 'gate.reminded':
      return;
    case 'step.waiting':
    case 'gate.opened':
      traces.set(key, { ...trace, status: 'waiting', endMs: undefined });
      return;
    case 'step.completed': {
      const { cost, proposal } = event.data;
      traces.set(key, { ...trace, status: 'succeeded', endMs: atMs, cost, proposal: proposal?.n });
      return;
    }
    case 'step.failed':
      traces.set(key, { ...trace, ...failed(event.data), endMs: atMs });
      return;
    case 'step.sent-back':
      traces.set(key, { ...trace, status: 'sent-back', endMs: atMs, cost: event.data.cost });
      cancelReset(traces, event.data.resets, atMs);
      return;
    case 'step.skipped':
      traces.set(key, { ...trace, status: 'skipped', endMs: trace.endMs ?? atMs });
      return;
    case 'step.retried':
      cancelReset(traces, event.data.resets, atMs);
  }
}

/** What has asked for more of a budget begins anew once it has it. */
function closeAsked(traces: Map<string, AttemptTrace>, step: string, atMs: number): void {
  for (const [key, trace] of traces) {
    if (trace.step === step && trace.status === 'waiting' && trace.endMs === undefined)
      traces.set(key, { ...trace, endMs: atMs });
  }
}

function begun({ step, attempt }: AttemptEvent, atMs: number): AttemptTrace {
  return { step, number: attempt, status: 'running', startMs: atMs, cost: noCost };
}

function failed(data: { failure: Failure; cost: Cost; retryAtMs?: number | undefined }) {
  const { failure, cost, retryAtMs } = data;
  return { status: 'failed' as const, failure, cost, retryAtMs };
}

/** Work that is begun anew leaves no attempt of it open. */
function cancelReset(traces: Map<string, AttemptTrace>, steps: readonly string[], atMs: number): void {
  for (const [key, trace] of traces) {
    if (steps.includes(trace.step)) close(traces, key, trace, atMs);
  }
}

function closeAll(traces: Map<string, AttemptTrace>, atMs: number): void {
  for (const [key, trace] of traces) close(traces, key, trace, atMs);
}

function close(traces: Map<string, AttemptTrace>, key: string, trace: AttemptTrace, atMs: number): void {
  if (trace.endMs === undefined) traces.set(key, { ...trace, status: 'stopped', endMs: atMs });
}

function isEnd({ type }: RunEvent): boolean {
  return type === 'run.completed' || type === 'run.failed' || type === 'run.stopped';
}
