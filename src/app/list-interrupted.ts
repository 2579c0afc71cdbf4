import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { limits } from '../base/limits.ts';

/** Runs with something left to do that needs no decision: a process left them, or an order waits for one. */
export async function listInterrupted(ports: Ports, reader: RunReader): Promise<readonly string[]> {
  const { readings } = await reader.readAll(limits.runsListed);
  const found: string[] = [];
  for (const { state } of readings) {
    if (state.status.is === 'running' || (await ports.runs.orders(state.id)).length > 0) found.push(state.id);
  }
  return found;
}
