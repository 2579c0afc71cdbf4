import type { Ports } from './ports.ts';
import type { RunReader, RunReading } from './run-reader.ts';
import { limits } from '../base/limits.ts';
import { canGoOn } from '../engine/can-go-on.ts';

/** What a look at a run finds: that it was left, that somebody is at it, or that it waits or is over. */
export type RunLook = 'left' | 'busy' | 'idle';

/** Runs that could go on and that no living process executes. One that cannot be looked at hides no other. */
export async function findLeft(ports: Ports, reader: RunReader): Promise<readonly string[]> {
  const { readings } = await reader.readAll(limits.runsListed);
  const looks = readings.map(async (reading) => {
    const run = reading.state.id;
    const look = await lookAt(ports, run, async () => reading).catch(() => 'idle');
    return look === 'left' ? [run] : [];
  });
  return (await Promise.all(looks)).flat();
}

/** Asks for the lock first: the journal of a run that somebody executes grows, and is none of our business. */
export async function lookAtRun(ports: Ports, reader: RunReader, run: string): Promise<RunLook> {
  return lookAt(ports, run, () => reader.read(run));
}

async function lookAt(ports: Ports, run: string, read: () => Promise<RunReading>): Promise<RunLook> {
  if (await ports.runs.isHeld(run)) return 'busy';
  if ((await ports.runs.orders(run)).length > 0) return 'left';
  const { state, archived } = await read();
  return canGoOn(state, ports.clock.now()) && !archived ? 'left' : 'idle';
}
