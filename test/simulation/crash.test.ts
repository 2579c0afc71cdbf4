import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { behaviours, workflows } from './workflows.ts';
import { appliedIn, doneOutside, outcomeOf, unsettledIn } from './outcome.ts';
import { World } from './world.ts';

const history = workflows.chain((workflow) =>
  fc.record({ workflow: fc.constant(workflow), behaviour: behaviours(workflow) }),
);

/** Workflows differ in how often one may die in them; so many deaths are enough. */
const enough = 2_000;

test('P2 P3 P5: a process that dies at any append, before or after it is on disk, changes nothing in the end', {
  timeout: 60_000,
}, async () => {
  let histories = 0;
  let deaths = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ workflow, behaviour }) => {
      if (histories > enough) return;
      const calm = new World(behaviour);
      const end = await calm.live(workflow);
      const expected = outcomeOf(end, calm.branch);
      if (end.status.is === 'succeeded') expect(unsettledIn(end)).toEqual([]);
      for (let append = 1; append <= calm.appends && histories <= enough; append += 1) {
        for (const lost of [true, false]) {
          const world = new World(behaviour, [{ append, lost }]);
          const state = await world.live(workflow);
          expect(outcomeOf(state, world.branch)).toEqual(expected);
          expect(doneOutside(world.outside)).toEqual(doneOutside(calm.outside));
          expect(appliedIn(state).toSorted()).toEqual(world.branch.toSorted());
          histories += 1;
          deaths += world.deaths;
        }
      }
    }),
    { numRuns: 100 },
  );
  expect(histories).toBeGreaterThan(enough);
  expect(deaths).toBe(histories);
});

test('P2: a process that dies again and again comes to the same end', async () => {
  const crashes = fc.array(fc.record({ append: fc.integer({ min: 1, max: 40 }), lost: fc.boolean() }), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(history, crashes, async ({ workflow, behaviour }, deaths) => {
      const calm = new World(behaviour);
      const expected = outcomeOf(await calm.live(workflow), calm.branch);
      const world = new World(behaviour, deaths);
      expect(outcomeOf(await world.live(workflow), world.branch)).toEqual(expected);
      expect(doneOutside(world.outside)).toEqual(doneOutside(calm.outside));
    }),
    { numRuns: 200 },
  );
});

test('P2: whenever the operator stops a run it stays stopped, and the journal knows what is on the branch', async () => {
  const stop = fc.record({ append: fc.integer({ min: 1, max: 40 }) });
  await fc.assert(
    fc.asyncProperty(history, stop, async ({ workflow, behaviour }, at) => {
      const world = new World(behaviour, [], { stop: at });
      const state = await world.live(workflow);
      expect(appliedIn(state).toSorted()).toEqual(world.branch.toSorted());
      expect([...state.delivered.keys()].toSorted()).toEqual(world.outside.toSorted());
      const types = (await world.records()).map(({ event }) => event.type);
      const stopped = types.indexOf('run.stopped');
      if (stopped === -1) return;
      expect(state.status.is).toBe('stopped');
      expect(types.slice(stopped + 1).filter((type) => type.startsWith('step.'))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
