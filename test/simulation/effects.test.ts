import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lives } from './histories.ts';
import { World } from './world.ts';
import { effectsInDoubt } from '../../src/contracts/sending.ts';

test('P3: whatever a run dies of or is stopped by, every effect that has left is known to it, or named as in doubt', async () => {
  let doubtful = 0;
  await fc.assert(
    fc.asyncProperty(lives, async ({ workflow, behaviour, crashes, stop }) => {
      const world = new World(behaviour, crashes, { stop });
      const state = await world.live(workflow);
      const delivered = [...state.delivered.keys()];
      const inDoubt = effectsInDoubt(state).map(({ key }) => key);
      expect(new Set([...delivered, ...inDoubt])).toEqual(
        new Set([...delivered, ...inDoubt, ...world.outside]),
      );
      expect(world.outside).toEqual(expect.arrayContaining(delivered));
      doubtful += inDoubt.length;
    }),
    { numRuns: 600 },
  );
  expect(doubtful).toBeGreaterThan(0);
});
