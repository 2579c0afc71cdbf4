import type { OpenWait } from './open-waits.ts';
import type { Ports } from './ports.ts';
import { ulid } from '../base/ids.ts';
import type { TriggerWaiting } from '../contracts/trigger-state.ts';

/**
 * Tells a waiting step what has come, durably. Told twice, as after a death in between, it counts once: the order
 * names the attempt that waits. Throws `run.missing`, `run.archived`.
 */
export async function wakeWait(
  { runs, clock, random }: Ports,
  { run, step, attempt }: OpenWait,
  { occurrence, outside }: TriggerWaiting,
): Promise<void> {
  const id = ulid(clock, random);
  await runs.order(run, { kind: 'occur', id, who: 'trigger', step, attempt, occurrence, outside });
}
