import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lives } from './histories.ts';
import type { Simulated } from './workflows.ts';
import { World } from './world.ts';
import { effectsInDoubt } from '../../src/contracts/sending.ts';

test('P3: whatever a run dies of or is stopped by, every effect that has left is known to it, or named as in doubt', async () => {
  let doubtful = 0;
  await fc.assert(
    fc.asyncProperty(lives, async ({ workflow, behaviour, crashes, stop }) => {
      await live(workflow, new World(behaviour, crashes, { stop }));
      // The operator stops the run when its process has just died: nobody has looked for what it may have sent.
      for (let append = 3; append < 28; append += 1)
        doubtful += await live(
          workflow,
          new World(behaviour, [{ append, lost: false }], { stop: { append } }),
        );
    }),
    { numRuns: 60 },
  );
  expect(doubtful).toBeGreaterThan(0);
});

/** How many effects are in doubt at the end; all others that have left are known. */
async function live(workflow: Simulated, world: World): Promise<number> {
  const state = await world.live(workflow);
  const delivered = [...state.delivered.keys()];
  const inDoubt = effectsInDoubt(state).map(({ key }) => key);
  expect([...delivered, ...inDoubt]).toEqual(expect.arrayContaining([...world.outside]));
  expect(world.outside).toEqual(expect.arrayContaining(delivered));
  return inDoubt.length;
}
