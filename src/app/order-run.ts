import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { appFailures } from '../base/failures/app.ts';
import { ulid } from '../base/ids.ts';
import type { RunState } from '../contracts/run.ts';
import type { RunOrder } from '../contracts/runs.ts';
import type { Step } from '../contracts/workflow.ts';
import { editableInput } from '../engine/edited-step.ts';
import { isOver } from '../engine/run-status.ts';

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

/** Stops a run, once it is driven. Throws `run.ended` when it is over. */
export async function stopRun(ports: Ports, reader: RunReader, run: string): Promise<void> {
  const { state } = await reader.read(run);
  if (isOver(state)) throw appFailures.runOver(run);
  await orderRun(ports, run, { kind: 'stop' });
}

/** A step's input as the next try would use it, for the operator to edit. Throws `run.missing`. */
export async function showInput(
  reader: RunReader,
  run: string,
  id: string,
): Promise<Readonly<Record<string, string>>> {
  const { state } = await reader.read(run);
  const step = state.definition.workflow.steps.find((one) => one.id === id);
  if (!step) throw appFailures.stepMissing(run, id);
  return { ...editableInput(step), ...state.steps.get(id)?.edits };
}

function failedStep({ id: run, definition, steps }: RunState, id: string): Step {
  const step = definition.workflow.steps.find((one) => one.id === id);
  if (!step) throw appFailures.stepMissing(run, id);
  if (steps.get(id)?.status.is !== 'failed') throw appFailures.stepNotFailed(step.name);
  return step;
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
