import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { StepTable, isMet } from './step-table.ts';
import type { StepStatus } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';

const statuses: Readonly<Record<StepStatus['is'], StepStatus>> = {
  pending: { is: 'pending' },
  running: { is: 'running' },
  retrying: { is: 'retrying', atMs: 1 },
  expanded: { is: 'expanded' },
  waiting: { is: 'waiting', for: 'decision' },
  succeeded: { is: 'succeeded', result: { input: {}, output: {}, sources: [] } },
  skipped: { is: 'skipped', by: 'Ada', why: '' },
  failed: { is: 'failed', failure: { code: 'internal', message: '', retry: 'never' } },
};

const most = 8;
const steps: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.record({ needs: fc.uniqueArray(fc.nat(most - 1), { maxLength: 3 }), isGate: fc.boolean() }), {
    minLength: 1,
    maxLength: most,
  })
  .map((sketches) =>
    sketches.map(({ needs, isGate }, i) =>
      stepOf(
        i,
        needs.filter((need) => need < i),
        isGate,
      ),
    ),
  );

function stepOf(place: number, needs: readonly number[], isGate: boolean): Step {
  const id = `s${place}`;
  const base = { id, name: id, needs: needs.map((need) => `s${need}`), timeoutMs: 1, maxAttempts: 1 };
  if (isGate) return { ...base, kind: 'gate', question: '' };
  return { ...base, kind: 'connector', connector: 'c', operation: 'o', with: {} };
}

test('after any changes the steps that may start are those that are pending with all needs met', () => {
  const change = fc.tuple(fc.nat(most - 1), fc.constantFrom(...Object.values(statuses)));
  fc.assert(
    fc.property(steps, fc.array(change, { maxLength: 40 }), (defined, changes) => {
      const table = new StepTable(defined);
      for (const [place, status] of changes) {
        const at = table.get(`s${place}`);
        if (at) table.set(at.id, { ...at, status });
      }
      const ready = defined.filter(
        ({ id, needs }) =>
          table.get(id)?.status.is === 'pending' && needs.every((need) => isMet(table.get(need))),
      );
      expect([...table.readyGates, ...table.readyWork].toSorted()).toEqual(
        ready.map(({ id }) => id).toSorted(),
      );
      expect([...table.readyGates].every((id) => table.get(id)?.step.kind === 'gate')).toBe(true);
      for (const is of Object.keys(statuses) as StepStatus['is'][]) {
        const having = [...table.values()].filter(({ status }) => status.is === is).map(({ id }) => id);
        expect([...table.in(is)].toSorted()).toEqual(having.toSorted());
      }
    }),
  );
});

test('steps become ready in the order of the workflow, and behind those that were ready before', () => {
  const table = new StepTable([
    stepOf(0, [], false),
    stepOf(1, [0], false),
    stepOf(2, [], false),
    stepOf(3, [0], false),
  ]);
  expect([...table.readyWork]).toEqual(['s0', 's2']);
  const first = table.get('s0');
  if (first) table.set('s0', { ...first, status: statuses.succeeded });
  expect([...table.readyWork]).toEqual(['s2', 's1', 's3']);
});
