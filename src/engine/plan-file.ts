import { invalidDefinition, unknownName, type Flaw } from '../base/failures/definitions.ts';
import { expandingFailures } from '../base/failures/expanding.ts';
import { isObject } from '../base/json.ts';
import { readYaml, type YamlFile } from '../contracts/parse-yaml.ts';
import type { Step, Workflow } from '../contracts/workflow.ts';
import { refuse, refuseFlaws } from './workflow-file.ts';
import { readSteps } from './workflow-step.ts';

/** What the steps of a plan are held to. */
export interface PlanBounds {
  /** Path in the company, for messages. */
  readonly file: string;
  readonly agents: readonly string[];
  /** Globs; with none, its steps write nothing. */
  readonly writes: readonly string[];
  /** The most steps. */
  readonly max: number;
  /** Names of the inputs that its texts may name. */
  readonly inputs: readonly string[];
}

/**
 * The steps of a plan: a Markdown file with a block of YAML that holds them as a workflow does. Throws
 * `definition.invalid` or `workflow.cycle` with the line in the file; all flaws are told at once.
 */
export function parsePlan(text: string, bounds: PlanBounds): readonly Step[] {
  const block = stepsBlock(text);
  if (!block) throw expandingFailures.planWithoutSteps(bounds.file);
  const yaml = readYaml(block.yaml, { file: bounds.file, lineOffset: block.line });
  const stray = isObject(yaml.value) ? Object.keys(yaml.value).find((key) => key !== 'steps') : undefined;
  if (stray !== undefined) {
    throw invalidDefinition([
      { at: yaml.place([stray], 'key'), message: `A plan has steps and no “${stray}”.` },
    ]);
  }
  const { steps, flaws } = readSteps(yaml, ['steps']);
  refuse([...flaws, ...boundFlaws(yaml, steps, bounds)]);
  refuseFlaws(yaml, planned(steps, bounds));
  return steps;
}

/** The first block of YAML that has steps, and the lines before it. */
function stepsBlock(text: string): { readonly yaml: string; readonly line: number } | undefined {
  for (const match of text.matchAll(/^```ya?ml[^\n]*\n([\s\S]*?)^```/gm)) {
    const [whole, yaml = ''] = match;
    const before = text.slice(0, match.index + whole.indexOf('\n') + 1);
    if (/^steps:/m.test(yaml)) return { yaml, line: before.split('\n').length - 1 };
  }
  return undefined;
}

function planned(steps: readonly Step[], { writes, inputs }: PlanBounds): Workflow {
  const typed = Object.fromEntries(inputs.map((name) => [name, { type: 'text' as const }]));
  return { id: 'plan', name: 'Plan', inputs: typed, budget: {}, permissions: { write: writes }, steps };
}

function boundFlaws(yaml: YamlFile, steps: readonly Step[], bounds: PlanBounds): readonly Flaw[] {
  const { max } = bounds;
  const tooMany =
    steps.length > max
      ? [
          {
            at: yaml.place(['steps'], 'key'),
            message: `The plan has ${steps.length} steps; it may have ${max}.`,
          },
        ]
      : [];
  return [...tooMany, ...steps.flatMap((step) => flawsOf(yaml, step, bounds))];
}

function flawsOf(yaml: YamlFile, step: Step, { agents, writes }: PlanBounds): Flaw[] {
  const key = ['steps', step.id];
  const name = key.join('.');
  if (step.kind !== 'agent' && step.kind !== 'check' && step.kind !== 'gate') {
    return [
      {
        at: yaml.place(key, 'key'),
        message: `${name} is a “${step.kind}”; a plan has agents, checks and gates.`,
      },
    ];
  }
  const flaws: Flaw[] = [];
  const agent = step.kind === 'agent' ? step.agent : step.kind === 'check' ? step.judge : undefined;
  if (agent !== undefined && !agents.includes(agent)) {
    const part = step.kind === 'agent' ? 'agent' : 'judge';
    const wrong = { name: agent, kind: 'an agent that the plan may give work to', known: agents };
    flaws.push(unknownName(yaml.place([...key, part]), `${name}.${part}`, wrong));
  }
  if (step.kind === 'agent' && step.writes.length > 0 && writes.length === 0) {
    const message = `${name} writes, and the steps of this plan may not.`;
    flaws.push({ at: yaml.place([...key, 'writes'], 'key'), message, remedy: 'Remove “writes”.' });
  }
  return flaws;
}
