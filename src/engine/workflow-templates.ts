import { unknownName, type Flaw } from '../base/failures/definitions.ts';
import { subject } from '../contracts/yaml-issue.ts';
import type { YamlFile } from '../contracts/parse-yaml.ts';
import type { Workflow } from '../contracts/workflow.ts';
import { upstream } from './workflow-graph.ts';
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
  return Object.entries(writtenSteps(yaml)).flatMap(([step, value]) => {
    const known: Readonly<Record<TemplateName['of'], { kind: string; names: readonly string[] }>> = {
      inputs: { kind: 'an input', names: Object.keys(workflow.inputs) },
      steps: { kind: 'a step before it', names: [...upstream(workflow, step)] },
      trigger: { kind: 'known to a step', names: [] },
    };
    return textsIn(value, ['steps', step]).flatMap(({ text, path }) =>
      templateNames(text)
        .filter(({ of, name }) => !known[of].names.includes(name))
        .map(({ of, name }) => {
          const { kind, names } = known[of];
          return unknownName(yaml.place(path), subject(path), { name, kind, known: names });
        }),
    );
  });
}

function textsIn(
  value: unknown,
  path: readonly PropertyKey[],
): { text: string; path: readonly PropertyKey[] }[] {
  if (typeof value === 'string') return [{ text: isCondition(path) ? `{% if ${value} %}` : value, path }];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsIn(item, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

/** `steps.<id>.if` is written without the braces of its tag. */
function isCondition(path: readonly PropertyKey[]): boolean {
  return path.length === 3 && path[2] === 'if';
}
