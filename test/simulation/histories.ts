import * as fc from 'fast-check';
import { policyOf } from './hurdles.ts';
import { behaviours, stepIds, workflows } from './workflows.ts';
import type { Simulated } from './workflows.ts';
import type { Behaviour } from './behaviour.ts';
import { World, run } from './world.ts';
import type { Crash } from './mortality.ts';
import type { Stop } from './world.ts';
import type { JournalRecord, RunEvent } from '../../src/contracts/journal.ts';
import { replayRun } from '../../src/engine/replay.ts';
import type { Replayed } from '../../src/engine/replay.ts';

/** A whole life of a run, before it is lived: what it does, what it dies of, whether it is stopped. */
export interface Life {
  readonly workflow: Simulated;
  readonly behaviour: Behaviour;
  readonly crashes: readonly Crash[];
  readonly stop: Stop | undefined;
}

export interface Lived {
  readonly life: Life;
  readonly records: readonly JournalRecord[];
  readonly branch: readonly string[];
}

/** Lives with everything in them: retries, edits, skips, conflicts, rules, deaths, stops. */
export const lives: fc.Arbitrary<Life> = workflows.chain((workflow) =>
  fc.record({
    workflow: fc.constant(workflow),
    behaviour: hinderedBehaviours(workflow),
    crashes: fc.array(fc.record({ append: fc.integer({ min: 1, max: 40 }), lost: fc.boolean() }), {
      maxLength: 6,
    }),
    stop: fc.option(fc.record({ append: fc.integer({ min: 1, max: 60 }) }), { nil: undefined }),
  }),
);

function hinderedBehaviours(simulated: Simulated): fc.Arbitrary<Behaviour> {
  const ids = fc.constantFrom(...stepIds(simulated));
  const hurdles = fc.record({
    conflicts: fc.boolean(),
    moves: fc.boolean(),
    policy: fc.dictionary(ids, fc.constantFrom('ask', 'ask', 'allow', 'deny')),
  });
  return fc.tuple(behaviours(simulated), hurdles).map(([behaviour, more]) => ({ ...behaviour, ...more }));
}

/** Lives it, as a fork on a branch that is there already if records are taken over. */
export async function liveThrough(
  life: Life,
  takenOver: readonly RunEvent[] = [],
  branch: readonly string[] = [],
): Promise<Lived> {
  const world = new World(life.behaviour, life.crashes, { stop: life.stop });
  world.branch.push(...branch);
  await world.live(life.workflow, takenOver);
  return { life, records: await world.records(), branch: world.branch };
}

export async function replayed({ life, records }: Pick<Lived, 'life' | 'records'>): Promise<Replayed> {
  return replayRun(run, records, {
    askPolicy: policyOf(life.behaviour),
    idle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  });
}
