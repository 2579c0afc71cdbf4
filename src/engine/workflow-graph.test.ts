import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Workflow } from '../contracts/workflow.ts';
import { withFinalGate } from './final-gate.ts';
import { parseWorkflow } from './workflow-file.ts';
import { downstream, findCycle, topologicalOrder, upstream, type StepGraph } from './workflow-graph.ts';

const diamond: StepGraph = {
  steps: [
    { id: 'publish', needs: ['draft', 'check'] },
    { id: 'plan', needs: [] },
    { id: 'draft', needs: ['plan'] },
    { id: 'check', needs: ['draft'] },
    { id: 'aside', needs: [] },
  ],
};

test('upstream is all that must be done before, downstream all that waits', () => {
  expect([...upstream(diamond, 'publish')].toSorted()).toEqual(['check', 'draft', 'plan']);
  expect([...downstream(diamond, 'plan')].toSorted()).toEqual(['check', 'draft', 'publish']);
  expect(upstream(diamond, 'aside').size + downstream(diamond, 'aside').size).toBe(0);
});

test('the order puts needs first', () => {
  expect(topologicalOrder(diamond)).toEqual(['plan', 'aside', 'draft', 'check', 'publish']);
});

/** Steps that need only earlier ones, then shuffled. */
const acyclic = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 20 })
  .map((rows) =>
    rows.map((needs, i) => ({
      id: `s${i}`,
      needs: [...new Set(needs.filter((n) => n < i).map((n) => `s${n}`))],
    })),
  )
  .chain((steps) => fc.shuffledSubarray(steps, { minLength: steps.length }))
  .map((steps): StepGraph => ({ steps }));

const anyGraph = fc.array(fc.array(fc.nat(12), { maxLength: 3 }), { maxLength: 10 }).map(
  (rows): StepGraph => ({
    steps: rows.map((needs, i) => ({ id: `s${i}`, needs: needs.map((n) => `s${n}`) })),
  }),
);

describe('of any graph', () => {
  test('without a cycle, the order holds every step once, after all it needs', () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        const order = topologicalOrder(graph);
        expect([...order].toSorted()).toEqual(graph.steps.map(({ id }) => id).toSorted());
        for (const { id, needs } of graph.steps) {
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
        }
        expect(findCycle(graph)).toBeUndefined();
      }),
    );
  });

  test('a is upstream of b exactly when b is downstream of a', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        for (const a of graph.steps) {
          for (const b of graph.steps) {
            expect(upstream(graph, b.id).has(a.id)).toBe(downstream(graph, a.id).has(b.id));
          }
        }
      }),
    );
  });

  test('a cycle is found exactly when some step waits for itself, and each name in it needs the next', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const loop = findCycle(graph);
        expect(loop !== undefined).toBe(graph.steps.some(({ id }) => upstream(graph, id).has(id)));
        for (const [i, id] of (loop ?? []).slice(0, -1).entries()) {
          expect(graph.steps.find((step) => step.id === id)?.needs).toContain(loop?.[i + 1]);
        }
        expect(loop?.[0]).toBe(loop?.at(-1));
      }),
    );
  });
});

function parse(steps: string): Workflow {
  return parseWorkflow(`name: Loop\nsteps:\n${steps}`, { file: 'loop.yaml', id: 'loop' });
}

function writer(id: string): string {
  return `  ${id}: {agent: executor, with: {objective: x}, writes: ${id}.md}\n`;
}

describe('the final gate', () => {
  test('waits for every writing step that no gate waits for', () => {
    const workflow = parse(`${writer('a')}${writer('b')}  ask: {gate: Good?, needs: a}\n${writer('c')}`);
    expect(workflow.steps.at(-1)).toMatchObject({
      id: 'review',
      kind: 'gate',
      needs: ['b', 'c'],
      question: 'Approve what is left',
    });
  });

  test('is not added where every proposal already has one', () => {
    const workflow = parse(`${writer('a')}  ask: {gate: Good?, needs: a}\n`);
    expect(workflow.steps.map(({ id }) => id)).toEqual(['a', 'ask']);
    expect(withFinalGate(workflow)).toBe(workflow);
  });

  test('has an id of its own', () => {
    expect(parse(writer('review')).steps.at(-1)?.id).toBe('review-2');
  });

  test('is added once', () => {
    const workflow = parse(writer('a'));
    expect(withFinalGate(workflow)).toBe(workflow);
  });
});
