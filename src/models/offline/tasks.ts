import type { Plan } from '../../contracts/agent.ts';
import type { Material } from '../../contracts/model.ts';

type Step = Material['workflow']['steps'][number];
type Task = Plan['tasks'][number];

const MOST = 30;

/** What a step’s name says it does. The first that fits counts. */
const WORKS: readonly (readonly [RegExp, string, string])[] = [
  [
    /research|fetch|recall|gather|collect/,
    'Collect what the notes say on',
    'every finding names its source, and gaps are named',
  ],
  [/publish|release|post\b/, 'Put into its place, as approved:', 'it is the approved text, word for word'],
  [/edit|revise|tighten|polish/, 'Bring to the house’s voice and length:', 'nothing in it can be left out'],
  [
    /draft|write|compose|reply|propos|answer|executor/,
    'Write from the sources:',
    'every claim names its source',
  ],
];

/** A task for every step that comes after this one. */
export function tasksOf(material: Material, title: string): Task[] {
  const { steps } = material.workflow;
  const later = steps.slice(steps.findIndex((step) => step.id === material.step.id) + 1);
  return later
    .slice(0, MOST)
    .map((step) => ({ step: step.id, ...taskOf(step, title, material.expectations) }));
}

type Added = Plan['adds'][number];

/** The work in two steps, as far as there are agents for it: find what bears it out, then write it. */
export function stepsToAdd({ adds }: Material, title: string): Added[] {
  if (!adds) return [];
  const { agents, writes } = adds;
  const fetcher = agents.find((id) => /fetch|research/.test(id));
  const writer = agents.find((id) => /execut|writ|draft/.test(id));
  const found: Added[] = [];
  if (fetcher) {
    const objective = `Find what bears out “${title}”.`;
    found.push({ id: 'find', agent: fetcher, objective, needs: [], writes: [] });
  }
  if (writer && writes[0]) {
    const objective = `Write “${title}” from what was found.`;
    const needs = found.map(({ id }) => id);
    found.push({ id: 'write', agent: writer, objective, needs, writes: [firstPath(writes[0], title)] });
  }
  return found.slice(0, adds.max);
}

/** A path that the glob covers, named for what is written. */
function firstPath(glob: string, title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return /[*?{[]/.test(glob) ? `${glob.slice(0, glob.search(/[*?{[]/))}${name || 'text'}.md` : glob;
}

function taskOf(step: Step, title: string, expectations: readonly string[]): Omit<Task, 'step'> {
  if (step.kind === 'gate')
    return { what: `${step.name}: the operator decides.`, doneWhen: 'every proposal is decided' };
  if (step.kind === 'check') {
    const rules = expectations.map((text) => text.replace(/\.$/, '')).join('; ');
    return { what: `${step.name}: hold the text against its rules.`, doneWhen: rules || 'every rule holds' };
  }
  const name = `${step.id} ${step.name} ${step.agent ?? ''}`.toLowerCase();
  const work = WORKS.find(([words]) => words.test(name));
  return work
    ? { what: `${work[1]} “${title}”.`, doneWhen: work[2] }
    : { what: step.name || step.id, doneWhen: 'its result is there' };
}
