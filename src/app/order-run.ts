import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { appFailures } from '../base/failures/app.ts';
import { isOver } from '../engine/run-status.ts';
import { ulid } from '../base/ids.ts';

/** Tries the failed steps of a run again, once it is driven. Throws `run.ended` when it has not failed. */
export async function retryRun(ports: Ports, reader: RunReader, run: string): Promise<void> {
  const { state } = await reader.read(run);
  const failed = [...state.steps.values()].some(({ status }) => status.is === 'failed');
  if (!failed || state.status.is === 'stopped') throw appFailures.runNotFailed(run);
  await order(ports, run, 'retry');
}

/** Stops a run, once it is driven. Throws `run.ended` when it is over. */
export async function stopRun(ports: Ports, reader: RunReader, run: string): Promise<void> {
  const { state } = await reader.read(run);
  if (isOver(state)) throw appFailures.runOver(run);
  await order(ports, run, 'stop');
}

async function order(ports: Ports, run: string, kind: 'retry' | 'stop'): Promise<void> {
  const { name, email } = await ports.repository.operator();
  await ports.runs.order(run, { kind, id: ulid(ports.clock, ports.random), who: `${name} <${email}>` });
}
