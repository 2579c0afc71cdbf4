import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBack, remains } from './bytes.ts';
import { mishaps } from './mortality.ts';
import { appliedIn, doneOutside, outcomeOf } from './outcome.ts';
import { behaviours, workflows } from './workflows.ts';
import { World } from './world.ts';

const history = workflows.chain((workflow) =>
  fc.record({ workflow: fc.constant(workflow), behaviour: behaviours(workflow) }),
);

/** Each of them at every append of so many histories is enough. */
const enough = 300;

test.each(['unflushed', 'paused'] as const)(
  'P2 P3 P9: a process that is %s at any append, before or after it is on disk, changes nothing in the end',
  async (is) => {
    let histories = 0;
    let losses = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.nat(9), async ({ workflow, behaviour }, naps) => {
        if (histories > enough) return;
        const calm = new World(behaviour);
        const expected = outcomeOf(await calm.live(workflow), calm.branch);
        for (let append = 1; append <= calm.appends && histories <= enough; append += 1) {
          for (const lost of [true, false]) {
            const world = new World(behaviour, [{ append, lost, is }], { naps });
            const state = await world.live(workflow);
            expect(outcomeOf(state, world.branch)).toEqual(expected);
            expect(doneOutside(world.outside)).toEqual(doneOutside(calm.outside));
            expect(appliedIn(state).toSorted()).toEqual(world.branch.toSorted());
            histories += 1;
            losses += world.deaths;
          }
        }
      }),
      { numRuns: 100 },
    );
    expect(histories).toBeGreaterThan(enough);
    expect(losses).toBe(histories);
  },
);

test('P2 P3 P9: processes that die, fail to flush, and wake up late come to the same end', async () => {
  const crashes = fc.array(
    fc.record({
      append: fc.integer({ min: 1, max: 40 }),
      lost: fc.boolean(),
      is: fc.constantFrom(...mishaps),
    }),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(history, crashes, fc.nat(9), async ({ workflow, behaviour }, all, naps) => {
      const calm = new World(behaviour);
      const expected = outcomeOf(await calm.live(workflow), calm.branch);
      const world = new World(behaviour, all, { naps });
      expect(outcomeOf(await world.live(workflow), world.branch)).toEqual(expected);
      expect(doneOutside(world.outside)).toEqual(doneOutside(calm.outside));
    }),
    { numRuns: 200 },
  );
});

test('P2: each process finds all that was recorded, whatever the one before has left behind it', async () => {
  const crashes = fc.array(fc.record({ append: fc.integer({ min: 1, max: 40 }), lost: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  });
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(history, crashes, fc.constantFrom(...remains), async (drawn, deaths, left) => {
      const world = new World(drawn.behaviour, deaths);
      await world.live(drawn.workflow);
      const records = await world.records();
      const ends = records.filter(({ epoch }, at) => records[at + 1]?.epoch !== epoch);
      for (const { n } of ends) {
        const found = records.slice(0, n);
        expect(await readBack(found, left)).toEqual({ corrupt: undefined, records: found });
      }
      seen.add(left);
    }),
    { numRuns: 100 },
  );
  expect([...seen].toSorted()).toEqual(remains.toSorted());
});
