import { unknownName, type Flaw } from '../base/failures/definitions.ts';
import { subject } from '../contracts/yaml-issue.ts';
import type { YamlFile } from '../contracts/parse-yaml.ts';
import type { Workflow } from '../contracts/workflow.ts';
import { upstream } from './workflow-graph.ts';
import { isObject } from '../base/json.ts';
import { stepLists, type StepList } from './step-list.ts';
import { writtenSteps } from './workflow-step.ts';

/** A variable that a Liquid template reads: `inputs.brief` is `{ of: 'inputs', name: 'brief' }`. */
interface TemplateName {
  readonly of: 'inputs' | 'steps' | 'trigger';
  readonly name: string;
}

const tag = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
const quoted = /"[^"]*"|'[^']*'/g;
const member = /(?<![\w.-])(inputs|steps|trigger)\.([A-Za-z_][\w-]*)/g;
const indexed = /(?<![\w.-])(inputs|steps|trigger)\[(?:"([^"]*)"|'([^']*)')\]/g;

/** What a template names of inputs, steps and its trigger, as far as can be seen without running it. */
export function templateNames(text: string): readonly TemplateName[] {
  return (text.match(tag) ?? []).flatMap((written) => {
    const members = [...written.replace(quoted, '""').matchAll(member)];
    return members
      .concat([...written.matchAll(indexed)])
      .map((match) => named(match[1], match[2] ?? match[3]));
  });
}

/** The template with `x` for everything computed. */
export function withSamples(text: string): string {
  return text.replace(tag, 'x');
}

function named(of: string | undefined, name = ''): TemplateName {
  return { of: of === 'steps' || of === 'trigger' ? of : 'inputs', name };
}

/** Templates of the steps that name an input that is not declared, or a step that is not done before. */
export function templateFlaws(yaml: YamlFile, workflow: Workflow): readonly Flaw[] {
  const inputs = Object.keys(workflow.inputs);
  return stepLists(workflow).flatMap((list) => listFlaws(yaml, list, inputs));
}

function listFlaws(yaml: YamlFile, list: StepList, inputs: readonly string[]): readonly Flaw[] {
  return Object.entries(writtenSteps(yaml, list.path)).flatMap(([step, value]) => {
    const before = [...upstream(list, step), ...list.before.map(({ id }) => id)];
    const known: Readonly<Record<TemplateName['of'], { kind: string; names: readonly string[] }>> = {
      inputs: { kind: 'an input', names: inputs },
      steps: { kind: 'a step before it', names: before },
      trigger: { kind: 'known to a step', names: [] },
    };
    return textsIn(ownKeys(value), [...list.path, step], list.path.length + 2).flatMap(({ text, path }) =>
      templateNames(text)
        .filter(({ of, name }) => !known[of].names.includes(name))
        .map(({ of, name }) => {
          const { kind, names } = known[of];
          return unknownName(yaml.place(path), subject(path), { name, kind, known: names });
        }),
    );
  });
}

/** A map's steps are a list of their own. */
function ownKeys(step: unknown): unknown {
  if (!isObject(step)) return step;
  const { steps: _, ...own } = step;
  return own;
}

function textsIn(
  value: unknown,
  path: readonly PropertyKey[],
  depth: number,
): { text: string; path: readonly PropertyKey[] }[] {
  if (typeof value === 'string')
    return [{ text: isExpression(path, depth) ? `{% if ${value} %}` : value, path }];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsIn(item, [...path, i], depth));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key], depth));
}

/** A step's own `if` and `map` are written without the braces of a tag; its keys are `depth` deep. */
function isExpression(path: readonly PropertyKey[], depth: number): boolean {
  return path.length === depth && (path.at(-1) === 'if' || path.at(-1) === 'map');
}
