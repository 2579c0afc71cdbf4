import * as fc from 'fast-check';
import type { Behaviour, Remedy } from './world.ts';
import type { Verdict } from '../../src/contracts/proposal.ts';
import type { Step, Workflow } from '../../src/contracts/workflow.ts';
import { withFinalGate } from '../../src/engine/workflow-file.ts';
import { upstream } from '../../src/engine/workflow-graph.ts';

interface Sketch {
  readonly kind: 'reads' | 'writes' | 'check' | 'gate';
  readonly needs: readonly number[];
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  kind: fc.constantFrom('reads', 'writes', 'writes', 'check', 'gate'),
  needs: fc.uniqueArray(fc.nat(5), { maxLength: 2 }),
});

/** Workflows of up to six steps, every one valid: needs point backwards, checks have work to send back. */
export const workflows: fc.Arbitrary<Workflow> = fc
  .tuple(
    fc.array(sketch, { minLength: 1, maxLength: 6 }),
    fc.array(fc.nat(99), { minLength: 6, maxLength: 6 }),
  )
  .map(([sketches, places]) => withFinalGate(shuffled(workflowOf(sketches), places)));

export function behaviours(workflow: Workflow): fc.Arbitrary<Behaviour> {
  const ids = workflow.steps.map(({ id }) => id);
  const verdicts = fc.array(fc.constantFrom<Verdict>('approve', 'changes', 'changes', 'reject'), {
    maxLength: 2,
  });
  const remedies = fc.array(fc.constantFrom<Remedy>('retry', 'edit', 'skip'), { maxLength: 2 });
  return fc.record({
    failures: perId(ids, fc.constantFrom(0, 0, 0, 1, 2, 3)),
    wanting: perId(ids, fc.constantFrom(0, 0, 1, 2)),
    verdicts: perId(ids, verdicts),
    leftOut: perId(ids, fc.constantFrom(false, false, false, true)),
    remedies: perId(ids, remedies),
    stumbles: fc.boolean(),
  });
}

function perId<T>(ids: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc
    .tuple(...ids.map(() => value))
    .map((values) => Object.fromEntries(ids.map((id, i) => [id, values[i] as T])));
}

/** The order of the file says nothing: only needs do. */
function shuffled(workflow: Workflow, places: readonly number[]): Workflow {
  const placed = workflow.steps.map((step, i) => ({ step, place: places[i] ?? 0 }));
  return { ...workflow, steps: placed.toSorted((a, b) => a.place - b.place).map(({ step }) => step) };
}

function workflowOf(sketches: readonly Sketch[]): Workflow {
  const base = { id: 'simulated', name: 'Simulated', inputs: {}, budget: {}, permissions: { write: [] } };
  const steps: Step[] = [];
  for (const [i, { kind, needs }] of sketches.entries()) {
    const id = `s${i}`;
    const before = [...new Set(needs.filter((need) => need < i).map((need) => `s${need}`))];
    const common = { id, name: id, needs: before, timeoutMs: 60_000, maxAttempts: 3 };
    const writer = [...upstream({ steps: [...steps, { id, needs: before }] }, id)].find((one) =>
      writes(steps, one),
    );
    steps.push(stepOf(kind, common, writer));
  }
  return { ...base, steps };
}

function stepOf(
  kind: Sketch['kind'],
  common: Omit<Step, 'kind'> & { needs: string[] },
  writer: string | undefined,
): Step {
  if (kind === 'gate') return { ...common, kind: 'gate', question: 'Go on?' };
  if (kind === 'check' && writer) {
    return {
      ...common,
      kind: 'check',
      rules: [{ placeholders: 'none' }],
      onFail: { revise: writer, max: 2 },
    };
  }
  const input = { objective: '', read: [], recall: [], fetch: [], sections: [] };
  return {
    ...common,
    kind: 'agent',
    agent: 'executor',
    with: input,
    writes: kind === 'writes' ? ['out.md'] : [],
  };
}

function writes(steps: readonly Step[], id: string): boolean {
  return steps.some((step) => step.id === id && step.kind === 'agent' && step.writes.length > 0);
}
