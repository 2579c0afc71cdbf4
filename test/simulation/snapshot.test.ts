import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lives, liveThrough } from './histories.ts';
import type { Lived } from './histories.ts';
import { run } from './world.ts';
import type { JournalRecord } from '../../src/contracts/journal.ts';
import type { RunSnapshot } from '../../src/contracts/runs.ts';
import { RunFold } from '../../src/engine/fold.ts';
import type { Folding } from '../../src/engine/folding.ts';
import { checkpointOf, planFork, takenOver } from '../../src/engine/fork.ts';

test('P5: a fold that goes on from a snapshot, whichever record it is behind, comes to the same state', async () => {
  const seen = { snapshots: 0, kept: new Map<string, number>() };
  await fc.assert(
    fc.asyncProperty(lives, fc.nat(), async (life, place) => {
      const lived = await liveThrough(life);
      const forked = await forkOf(lived, place);
      for (const { records } of [lived, forked]) {
        expectAnew(records);
        for (const state of expectFrom(records, place)) note(seen.kept, state);
        seen.snapshots += records.length;
      }
    }),
    { numRuns: 100 },
  );
  expect(seen.snapshots).toBeGreaterThan(2_000);
  // What is rarer than these is in src/engine/snapshot.
  for (const name of ['delivered', 'gates', 'parts', 'proposals', 'raised', 'ready', 'signals'])
    expect(seen.kept.get(name) ?? 0, name).toBeGreaterThan(0);
});

async function forkOf({ life, records, branch }: Lived, place: number): Promise<Lived> {
  const checkpoint = checkpointOf(run, records, 1 + (place % records.length));
  const plan = planFork(checkpoint, { definition: checkpoint.definition, inputs: {} });
  return liveThrough(life, takenOver(records, checkpoint, plan), branch);
}

/** Goes on from a snapshot after every single record, each made of what the one before was restored to. */
function expectAnew(records: readonly JournalRecord[]): void {
  const straight = new RunFold(run);
  let anew = new RunFold(run);
  for (const record of records) {
    straight.apply(record);
    anew.apply(record);
    anew = restored(anew.keep());
    expect(beside(stateOf(anew))).toEqual(beside(stateOf(straight)));
  }
  expect(stateOf(anew)).toEqual(stateOf(straight));
}

/** Goes on from every third snapshot; none is read before its own fold has come to the end. Answers their states. */
function expectFrom(records: readonly JournalRecord[], place: number): readonly Folding[] {
  const straight = new RunFold(run);
  const snapshots = records.map((record) => {
    straight.apply(record);
    return straight.keep();
  });
  const chosen = snapshots.filter((_, at) => at % 3 === place % 3);
  return chosen.map((snapshot) => {
    const fold = restored(snapshot);
    for (const record of records.slice(snapshot?.at)) fold.apply(record);
    expect(stateOf(fold)).toEqual(stateOf(straight));
    expect(beside(stateOf(fold))).toEqual(beside(stateOf(straight)));
    return stateOf(restored(snapshot));
  });
}

function restored(snapshot: RunSnapshot | undefined): RunFold {
  const fold = new RunFold(run);
  expect(snapshot && fold.restore(snapshot)).toBe(true);
  return fold;
}

function stateOf({ state }: RunFold): Folding {
  if (!state) throw new Error('The run has not started');
  return state;
}

/** What is known beside the values themselves, orders included: all that the scheduler goes by. */
function beside({ steps, proposals, at, status }: Folding) {
  return { at, status, steps: steps.index(), proposals: proposals.index() };
}

/** Counts what there was to be kept at all. */
function note(counts: Map<string, number>, state: Folding): void {
  const { gates, delivered, signals, raised, proposals, steps } = state;
  const { parts, ready } = steps.index();
  const sizes = {
    gates: gates.size,
    delivered: delivered.size,
    signals: signals.size,
    raised: raised.size,
    proposals: proposals.size,
    parts: parts.length,
    ready: ready.flatMap(([, ids]) => ids).length,
  };
  for (const [name, size] of Object.entries(sizes)) {
    if (size > 0) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}
