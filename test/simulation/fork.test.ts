import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lives, liveThrough, replayed } from './histories.ts';
import type { Life, Lived } from './histories.ts';
import { appliedIn } from './outcome.ts';
import { run } from './world.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { ProposalStatus, RunState } from '../../src/contracts/run.ts';
import { RunFold } from '../../src/engine/fold.ts';
import { checkpointOf, planFork, takenOver } from '../../src/engine/fork.ts';
import type { ForkPlan } from '../../src/engine/fork.ts';
import { isMet } from '../../src/engine/step-table.ts';

test('a fork at any record begins with what was done, goes on to its end, and applies nothing twice', async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(lives, fc.nat(), fc.nat(), async (life, first, second) => {
      const origin = await liveThrough(life);
      const fork = await forkAt(origin, first);
      kept += fork.kept;
      // The operator of a fork may be of another mind, and it may be forked itself.
      await forkAt(fork.lived, second);
    }),
    { numRuns: 300 },
  );
  expect(kept).toBeGreaterThan(200);
});

/** Forks a life that was lived behind one of its records, on the same definition, and lives the fork. */
async function forkAt({ life, records, branch }: Lived, place: number) {
  const at = 1 + (place % records.length);
  const checkpoint = checkpointOf(run, records, at);
  const plan = planFork(checkpoint, { definition: checkpoint.definition, inputs: {} });
  const events = takenOver(records, checkpoint, plan);
  const quiet: Life = { ...life, crashes: [], stop: undefined };
  const lived = await liveThrough(quiet, events, branch);
  expectTakenOver(stateOf(lived, 1 + events.length), checkpoint, plan);
  const end = stateOf(lived);
  expect(['succeeded', 'failed', 'stopped']).toContain(end.status.is);
  expect(lived.branch).toEqual([...new Set(lived.branch)]);
  expect(lived.branch).toEqual(expect.arrayContaining(appliedIn(end)));
  expect(await replayed(lived)).toEqual({ is: 'same', records: lived.records.length });
  return { lived, kept: plan.kept.length };
}

function stateOf({ records }: Lived, count = records.length): RunState {
  const { state } = new RunFold(run, records.slice(0, count));
  if (!state) throw new Error('The fork has not started');
  return state;
}

function expectTakenOver(begun: RunState, checkpoint: RunState, { kept, expanded }: ForkPlan): void {
  expect(begun.cost).toEqual(noCost);
  const met = [...begun.steps.values()].filter(isMet).map(({ id }) => id);
  expect(met.toSorted()).toEqual(kept.toSorted());
  for (const [id, { status }] of begun.steps) {
    if (kept.includes(id)) expect(status).toEqual(checkpoint.steps.get(id)?.status);
    else expect(status.is).toBe(expanded.includes(id) ? 'expanded' : 'pending');
  }
  for (const { n, step, versions, status } of checkpoint.proposals.values()) {
    if (!kept.includes(step)) expect(begun.proposals.has(n)).toBe(false);
    else expect(begun.proposals.get(n)).toMatchObject({ versions, status: { is: carried(status.is) } });
  }
}

/** Undecided work is open in the fork, whatever was said of it in the other run. */
function carried(status: ProposalStatus['is']): ProposalStatus['is'] {
  return status === 'approved' || status === 'applying' ? 'open' : status;
}
