import type { RunState } from '../contracts/run.ts';

/** Steps and what they wait for; a workflow is one. */
export interface StepGraph {
  readonly steps: readonly { readonly id: string; readonly needs: readonly string[] }[];
}

/** A run's steps as they are by now, those of parts included. */
export function graphOf({ steps }: Pick<RunState, 'steps'>): StepGraph {
  return { steps: [...steps.values()].map(({ step }) => step) };
}

/** Ids of all steps that have to be done before `step`. */
export function upstream(graph: StepGraph, step: string): ReadonlySet<string> {
  const needs = new Map(graph.steps.map((one) => [one.id, one.needs]));
  return reachable(step, (id) => needs.get(id) ?? []);
}

/** Ids of all steps that wait for `step`. */
export function downstream(graph: StepGraph, step: string): ReadonlySet<string> {
  const dependents = new Map<string, string[]>();
  for (const { id, needs } of graph.steps) {
    for (const need of needs) {
      const known = dependents.get(need);
      if (known) known.push(id);
      else dependents.set(need, [id]);
    }
  }
  return reachable(step, (id) => dependents.get(id) ?? []);
}

/**
 * Ids such that each comes after all that it needs: wave by wave, each wave in the order of the file.
 * Steps of a cycle, and what waits for them, are left out.
 */
export function topologicalOrder(graph: StepGraph): readonly string[] {
  const ordered = new Set<string>();
  let waiting = graph.steps;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((need) => ordered.has(need)));
    if (ready.length === 0) break;
    for (const { id } of ready) ordered.add(id);
    waiting = waiting.filter(({ id }) => !ordered.has(id));
  }
  return [...ordered];
}

/** Steps that wait for each other, from one of them back to itself; nothing when there is no cycle. */
export function findCycle(graph: StepGraph): readonly string[] | undefined {
  const ordered = new Set(topologicalOrder(graph));
  const stuck = new Map(
    graph.steps.flatMap(({ id, needs }) => (ordered.has(id) ? [] : [[id, needs] as const])),
  );
  // Whoever is stuck needs somebody stuck (names that are no steps aside), so this walk must meet itself.
  const walked: string[] = [];
  let id = [...stuck.keys()].find((start) => upstream(graph, start).has(start));
  while (id !== undefined && !walked.includes(id)) {
    const here: string = id;
    walked.push(here);
    id = stuck.get(here)?.find((need) => stuck.has(need) && upstream(graph, need).has(need));
  }
  return id === undefined ? undefined : [...walked.slice(walked.indexOf(id)), id];
}

/** Everything that can be reached from `start`; `start` itself only by way of a cycle. */
function reachable(start: string, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...next(start)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...next(id));
  }
  return found;
}
