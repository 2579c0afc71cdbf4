import * as fc from 'fast-check';
import type { Behaviour, Remedy } from './behaviour.ts';
import type { Verdict } from '../../src/contracts/proposal.ts';
import type { Wait } from '../../src/contracts/run.ts';
import { watchOf } from '../../src/contracts/trigger.ts';
import type { GateStep, Step, WaitFor, Workflow } from '../../src/contracts/workflow.ts';
import { withFinalGate } from '../../src/engine/final-gate.ts';
import { upstream } from '../../src/engine/workflow-graph.ts';

interface Sketch {
  readonly kind: 'reads' | 'writes' | 'check' | 'gate' | 'wait' | 'effect' | 'map' | 'workflow' | 'plan';
  readonly needs: readonly number[];
  /** What a wait or a gate is for. */
  readonly flavour: number;
  /** Of steps that are carried out by others. */
  readonly inner: readonly Sketch[];
  readonly atOnce: number;
}

const needs = fc.uniqueArray(fc.nat(5), { maxLength: 2 });
const leaf: fc.Arbitrary<Sketch> = fc.record({
  kind: fc.constantFrom('reads', 'writes', 'writes', 'check', 'gate', 'wait', 'effect'),
  needs,
  flavour: fc.nat(7),
  inner: fc.constant([]),
  atOnce: fc.constant(4),
});

/** What is carried out by others, to `depth`. */
function sketchOf(depth: number): fc.Arbitrary<Sketch> {
  if (depth === 0) return leaf;
  const expanding = fc.record({
    kind: fc.constantFrom('map', 'map', 'workflow', 'plan'),
    needs,
    flavour: fc.constant(0),
    inner: fc.array(sketchOf(depth - 1), { minLength: 1, maxLength: 2 }),
    atOnce: fc.integer({ min: 1, max: 4 }),
  });
  return fc.oneof({ weight: 5, arbitrary: leaf }, { weight: 1, arbitrary: expanding });
}

const sketch = sketchOf(2);

/** Items of every map. */
export const mapItems = 2;

/** A workflow, those that it calls, and the steps of its plans by the step that carries them out. */
export interface Simulated {
  readonly workflow: Workflow;
  readonly workflows: Readonly<Record<string, Workflow>>;
  readonly plans: Readonly<Record<string, readonly Step[]>>;
}

/** Workflows of up to six steps, every one valid: needs point backwards, checks have work to send back. */
export const workflows: fc.Arbitrary<Simulated> = fc
  .tuple(
    fc.array(sketch, { minLength: 1, maxLength: 6 }),
    fc.array(fc.nat(99), { minLength: 6, maxLength: 6 }),
    fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined, freq: 3 }),
  )
  .map(([sketches, places, attempts]) => {
    const author = new Author();
    const steps = shuffled(author.stepsOf(sketches, 's'), places);
    const budget = attempts === undefined ? {} : { attempts };
    const workflow = { ...workflowOf('simulated', steps), budget };
    return { workflow, workflows: author.workflows, plans: author.plans };
  });

export function behaviours(simulated: Simulated): fc.Arbitrary<Behaviour> {
  const ids = stepIds(simulated);
  const verdicts = fc.array(fc.constantFrom<Verdict>('approve', 'changes', 'changes', 'reject'), {
    maxLength: 2,
  });
  const remedies = fc.array(fc.constantFrom<Remedy>('retry', 'edit', 'take', 'skip'), { maxLength: 2 });
  return fc.record({
    failures: perId(ids, fc.constantFrom(0, 0, 0, 1, 2, 3)),
    wanting: perId(ids, fc.constantFrom(0, 0, 1, 2)),
    verdicts: perId(ids, verdicts),
    late: perId(ids, fc.constantFrom(false, false, true)),
    leftOut: perId(ids, fc.constantFrom(false, false, false, true)),
    remedies: perId(ids, remedies),
    stumbles: fc.boolean(),
  });
}

/** The ids of all steps that a run of it may have. */
export function stepIds(simulated: Simulated): string[] {
  return [...idsIn(simulated.workflow.steps, simulated, '')];
}

function perId<T>(ids: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc
    .tuple(...ids.map(() => value))
    .map((values) => Object.fromEntries(ids.map((id, i) => [id, values[i] as T])));
}

function* idsIn(steps: readonly Step[], simulated: Simulated, prefix: string): Generator<string> {
  for (const step of steps) {
    const id = `${prefix}${step.id}`;
    yield id;
    if (step.kind === 'map') {
      for (let item = 1; item <= mapItems; item += 1) yield* idsIn(step.steps, simulated, `${id}.${item}.`);
    }
    if (step.kind === 'effect') yield* [`${id}.compose`, `${id}.approve`, `${id}.deliver`];
    if (step.kind === 'plan') yield* idsIn(simulated.plans[step.plan] ?? [], simulated, `${id}.`);
    if (step.kind === 'workflow') {
      yield* idsIn(simulated.workflows[step.workflow]?.steps ?? [], simulated, `${id}.`);
    }
  }
}

/** The order of the file says nothing: only needs do. */
function shuffled(steps: readonly Step[], places: readonly number[]): Step[] {
  const placed = steps.map((step, i) => ({ step, place: places[i] ?? 0 }));
  return placed.toSorted((a, b) => a.place - b.place).map(({ step }) => step);
}

function workflowOf(id: string, steps: readonly Step[]): Workflow {
  const base = { id, name: id, inputs: {}, budget: {}, permissions: { write: [] } };
  return withFinalGate({ ...base, steps });
}

/** Writes out sketches, with the workflows and plans that they need. */
class Author {
  readonly workflows: Record<string, Workflow> = {};
  readonly plans: Record<string, readonly Step[]> = {};

  stepsOf(sketches: readonly Sketch[], letter: string): Step[] {
    const steps: Step[] = [];
    for (const [i, drawn] of sketches.entries()) {
      const id = `${letter}${i}`;
      const before = [...new Set(drawn.needs.filter((need) => need < i).map((need) => `${letter}${need}`))];
      const common = { id, name: id, needs: before, timeoutMs: 60_000, maxAttempts: 3 };
      const writer = [...upstream({ steps: [...steps, { id, needs: before }] }, id)].find((one) =>
        writes(steps, one),
      );
      steps.push(this.#expanding(drawn, common, `${letter}x`) ?? stepOf(drawn, common, writer));
    }
    return steps;
  }

  #expanding({ kind, inner, atOnce }: Sketch, common: Common, letter: string): Step | undefined {
    const name = `w${Object.keys(this.workflows).length + Object.keys(this.plans).length}`;
    switch (kind) {
      case 'map': {
        const over = { list: [] };
        return { ...common, kind, over, atOnce, steps: this.stepsOf(inner, letter) };
      }
      case 'workflow':
        this.workflows[name] = workflowOf(name, []);
        this.workflows[name] = workflowOf(name, this.stepsOf(inner, letter));
        return { ...common, kind, workflow: name, with: {} };
      case 'plan':
        this.plans[name] = [];
        this.plans[name] = this.stepsOf(inner, letter);
        return { ...common, kind, plan: name, agents: [], writes: ['**'], max: 30 };
      default:
        return undefined;
    }
  }
}

type Common = Omit<Step, 'kind'> & { needs: string[] };

/** What can be found out about an effect that may have happened: by looking, by doing it again, by the operator alone. */
const operations = ['probed', 'idempotent', 'ask'];

/** Lengths of time shorter and longer than a process stays for. */
const soonMs = 30_000;
const lateMs = 40 * 60_000;

function gateOf(flavour: number): Pick<GateStep, 'withinMs' | 'otherwise' | 'remindEveryMs'> {
  if (flavour > 3) return { withinMs: lateMs, otherwise: flavour === 4 ? 'approve' : 'reject' };
  return flavour === 3 ? { remindEveryMs: lateMs } : {};
}

function waitOf(flavour: number): WaitFor {
  const limit = { withinMs: lateMs, otherwise: 'b' };
  const waits: readonly WaitFor[] = [
    { is: 'time', ms: soonMs },
    { is: 'time', ms: lateMs },
    { is: 'event', event: 'rain' },
    { is: 'event', event: 'snow', ...limit },
    { is: 'answer', question: 'a or b?', options: ['a', 'b'] },
    { is: 'answer', question: 'a or b?', options: ['a', 'b'], withinMs: lateMs },
    { is: 'occurrence', watch: { kind: 'file', paths: ['inbox/**'] } },
    { is: 'occurrence', watch: { kind: 'file', paths: ['inbox/**'] }, ...limit },
  ];
  return waits[flavour] ?? { is: 'time', ms: soonMs };
}

/** What a step of these waits for from now on. */
export function waitingFor(wanted: WaitFor, nowMs: number): Wait {
  switch (wanted.is) {
    case 'time':
      return { for: 'time', untilMs: nowMs + wanted.ms };
    case 'moment':
      return { for: 'time', untilMs: Date.parse(wanted.until) };
    case 'event':
      return { for: 'event', event: wanted.event, ...limitOf(wanted, nowMs) };
    case 'occurrence':
      return { for: 'occurrence', watch: watchOf(wanted.watch), known: ['a'], ...limitOf(wanted, nowMs) };
    case 'answer':
      return { for: 'answer', question: wanted.question, options: wanted.options, ...limitOf(wanted, nowMs) };
  }
}

function limitOf(wanted: { withinMs?: number | undefined; otherwise?: string | undefined }, nowMs: number) {
  const { withinMs, otherwise } = wanted;
  return withinMs === undefined ? {} : { untilMs: nowMs + withinMs, otherwise };
}

function stepOf({ kind, flavour }: Sketch, common: Common, writer: string | undefined): Step {
  if (kind === 'gate') return { ...common, kind: 'gate', question: 'Go on?', ...gateOf(flavour) };
  if (kind === 'effect') {
    const operation = operations[flavour % operations.length] ?? 'ask';
    return { ...common, kind: 'effect', outgoing: { connector: 'world', operation, with: {} } };
  }
  if (kind === 'wait') return { ...common, kind: 'wait', for: waitOf(flavour) };
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
