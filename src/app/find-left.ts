import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { limits } from '../base/limits.ts';

/** Runs that could go on and that no living process executes. */
export async function findLeft(ports: Ports, reader: RunReader): Promise<readonly string[]> {
  const { readings } = await reader.readAll(limits.runsListed);
  const found: string[] = [];
  for (const { state } of readings) if (await isLeft(ports, reader, state.id)) found.push(state.id);
  return found;
}

/** Whether a run could go on, for it is under way or an order waits for it, and no living process executes it. */
export async function isLeft(ports: Ports, reader: RunReader, run: string): Promise<boolean> {
  const { state } = await reader.read(run);
  const canGoOn = state.status.is === 'running' || (await ports.runs.orders(run)).length > 0;
  return canGoOn && !(await ports.runs.isHeld(run));
}
