import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { appFailures } from '../base/failures/app.ts';
import { ulid } from '../base/ids.ts';
import type { RunState } from '../contracts/run.ts';
import type { RunOrder } from '../contracts/runs.ts';
import type { Step } from '../contracts/workflow.ts';
import { editableInput } from '../engine/edited-step.ts';
import { isOver } from '../engine/run-status.ts';
import { knownEvents, waitOf } from '../engine/waits.ts';

export interface Retry {
  /** One of the failed steps; all of them when left out. */
  readonly step?: string | undefined;
  /** What is edited of that step's input, by name. */
  readonly with?: Readonly<Record<string, string>> | undefined;
}

/** Tries failed steps again, once the run is driven. Throws `run.ended`, `run.missing`, `usage`. */
export async function retryRun(ports: Ports, reader: RunReader, run: string, retry: Retry): Promise<void> {
  const { state } = await reader.read(run);
  const failed = [...state.steps.values()].some(({ status }) => status.is === 'failed');
  if (!failed || state.status.is === 'stopped') throw appFailures.runNotFailed(run);
  const step = retry.step === undefined ? undefined : failedStep(state, retry.step);
  const edits = Object.keys(retry.with ?? {});
  if (step) holdToInput(step, edits);
  else if (edits.length > 0) throw appFailures.inputOfWhichStep();
  await orderRun(ports, run, { kind: 'retry', ...retry });
}

/** Goes on without a step that has failed, once the run is driven. Throws `run.ended`, `run.missing`, `usage`. */
export async function skipStep(
  ports: Ports,
  reader: RunReader,
  run: string,
  { step, why }: { readonly step: string; readonly why: string },
): Promise<void> {
  const { state } = await reader.read(run);
  if (state.status.is === 'stopped') throw appFailures.runOver(run);
  if (failedStep(state, step).kind === 'gate') throw appFailures.gateNotSkipped(step);
  if (why.trim() === '') throw appFailures.reasonMissing();
  await orderRun(ports, run, { kind: 'skip', step, why: why.trim() });
}

/** Hands a step that has failed over to the operator, once the run is driven. Throws `run.ended`, `run.missing`, `usage`. */
export async function takeStep(ports: Ports, reader: RunReader, run: string, step: string): Promise<void> {
  const { state } = await reader.read(run);
  if (state.status.is === 'stopped') throw appFailures.runOver(run);
  if (failedStep(state, step).kind === 'gate') throw appFailures.gateNotSkipped(step);
  await orderRun(ports, run, { kind: 'take', step });
}

/** Stops a run, once it is driven. Throws `run.ended` when it is over. */
export async function stopRun(ports: Ports, reader: RunReader, run: string): Promise<void> {
  const { state } = await reader.read(run);
  if (isOver(state)) throw appFailures.runOver(run);
  await orderRun(ports, run, { kind: 'stop' });
}

/** The operator's choice, and the attempt that they saw asking for it. */
export interface Answer {
  readonly step: string;
  readonly choice: string;
  readonly attempt: number;
}

/**
 * Gives the operator's choice to the attempt that was seen to wait for it. Throws `run.ended` where none waits, or
 * another one does, `run.missing`, `usage`.
 */
export async function answerStep(
  ports: Ports,
  reader: RunReader,
  run: string,
  { step, choice, attempt }: Answer,
): Promise<void> {
  const { state } = await reader.read(run);
  if (isOver(state)) throw appFailures.runOver(run);
  const at = state.steps.get(step);
  if (!at) throw appFailures.stepMissing(run, step);
  const wait = waitOf(at);
  if (wait?.for !== 'answer') throw appFailures.nothingAsked(at.step.name);
  if (attempt !== at.attempts.length) throw appFailures.askedAnew(at.step.name, wait.question);
  if (!wait.options.includes(choice)) throw appFailures.notAnOption(choice, wait.options);
  await orderRun(ports, run, { kind: 'answer', step, choice, attempt });
}

/** Tells a run what has happened outside. Throws `run.ended`, `usage` for an event that none of its steps waits for. */
export async function signalRun(
  ports: Ports,
  reader: RunReader,
  run: string,
  { event, text }: { readonly event: string; readonly text: string },
): Promise<void> {
  const { state } = await reader.read(run);
  if (isOver(state)) throw appFailures.runOver(run);
  const known = knownEvents(state);
  if (!known.includes(event)) throw appFailures.eventUnknown(event, known);
  await orderRun(ports, run, { kind: 'signal', event, text });
}

/** A step's input as the next try would use it, for the operator to edit. Throws `run.missing`. */
export async function showInput(
  reader: RunReader,
  run: string,
  id: string,
): Promise<Readonly<Record<string, string>>> {
  const { state } = await reader.read(run);
  const at = state.steps.get(id);
  if (!at) throw appFailures.stepMissing(run, id);
  return { ...editableInput(at.step), ...at.edits };
}

function failedStep({ id: run, steps }: RunState, id: string): Step {
  const at = steps.get(id);
  if (!at) throw appFailures.stepMissing(run, id);
  if (at.status.is !== 'failed') throw appFailures.stepNotFailed(at.step.name);
  return at.step;
}

/** A connector's operation may take parameters that the workflow gives it none of. */
function holdToInput(step: Step, edits: readonly string[]): void {
  if (step.kind === 'connector') return;
  const known = Object.keys(editableInput(step));
  const unknown = edits.find((name) => !known.includes(name));
  if (unknown !== undefined) throw appFailures.inputNotOfStep(step.name, unknown, known);
}

type Bare<T> = T extends RunOrder ? Omit<T, 'id' | 'who'> : never;

/** Puts an order down in the operator's name. */
export async function orderRun(ports: Ports, run: string, what: Bare<RunOrder>): Promise<void> {
  const { name, email } = await ports.repository.operator();
  const id = ulid(ports.clock, ports.random);
  await ports.runs.order(run, { ...what, id, who: `${name} <${email}>` });
}
