import picomatch from 'picomatch/posix';
import { unknownName, type Flaw } from '../base/failures/definitions.ts';
import { isProtectedPath, matchesAny, staysInside } from '../contracts/path-rules.ts';
import type { YamlFile } from '../contracts/parse-yaml.ts';
import { proposes, type AgentStep, type CheckStep, type Step, type Workflow } from '../contracts/workflow.ts';
import { withSamples } from './workflow-templates.ts';
import { upstream } from './workflow-graph.ts';

const typeNames = { text: 'text', path: 'text', number: 'a number', boolean: 'true or false' } as const;

/** Defaults that are not what their input asks for. */
export function inputFlaws(yaml: YamlFile, workflow: Workflow): readonly Flaw[] {
  return Object.entries(workflow.inputs).flatMap(([name, input]): Flaw[] => {
    if (input.default === undefined) return [];
    const at = yaml.place(['inputs', name, 'default']);
    const wanted = typeNames[input.type];
    const actual = typeNameOf(input.default);
    if (actual !== wanted)
      return [{ at, message: `inputs.${name}.default must be ${wanted}, not ${actual}.` }];
    if (!input.options || input.options.includes(String(input.default))) return [];
    return [
      { at, message: `inputs.${name}.default must be one of its options: ${input.options.join(', ')}.` },
    ];
  });
}

/** Steps that name what is not there, or that cannot do what they say. */
export function stepFlaws(yaml: YamlFile, workflow: Workflow): readonly Flaw[] {
  return workflow.steps.flatMap((step) => [
    ...needsFlaws(yaml, workflow, step),
    ...(step.kind === 'agent' ? writesFlaws(yaml, workflow, step) : []),
    ...(step.kind === 'check' ? checkFlaws(yaml, workflow, step) : []),
  ]);
}

function needsFlaws(yaml: YamlFile, workflow: Workflow, step: Step): readonly Flaw[] {
  const known = workflow.steps.map(({ id }) => id);
  return step.needs.flatMap((need): Flaw[] => {
    const at = placeOfItem(yaml, ['steps', step.id, 'needs'], need);
    if (need === step.id) {
      return [{ at, message: `steps.${step.id}.needs names the step itself.`, remedy: 'Remove it.' }];
    }
    if (known.includes(need)) return [];
    const others = known.filter((id) => id !== step.id);
    return [unknownName(at, `steps.${step.id}.needs`, { name: need, kind: 'a step', known: others })];
  });
}

function writesFlaws(yaml: YamlFile, workflow: Workflow, step: AgentStep): readonly Flaw[] {
  return step.writes.flatMap((glob): Flaw[] => {
    const at = placeOfItem(yaml, ['steps', step.id, 'writes'], glob);
    const sample = samplePath(glob);
    const subject = `steps.${step.id}.writes names “${glob}”`;
    if (!staysInside(sample)) {
      return [
        {
          at,
          message: `${subject}, which is not a path in the company.`,
          remedy: 'Write it relative to the company, with “/” and without “..”.',
        },
      ];
    }
    if (isProtectedPath(sample)) {
      return [
        {
          at,
          message: `${subject}, which only you may change.`,
          remedy: 'Let agents write outside .git and .cairn.',
        },
      ];
    }
    if (workflow.permissions.write.length === 0 || matchesAny(sample, workflow.permissions.write)) return [];
    const allowed = workflow.permissions.write.join(', ');
    return [
      {
        at,
        message: `${subject}, which permissions.write (${allowed}) does not cover.`,
        remedy: 'Widen permissions.write or write elsewhere.',
      },
    ];
  });
}

function checkFlaws(yaml: YamlFile, workflow: Workflow, step: CheckStep): readonly Flaw[] {
  const before = upstream(workflow, step.id);
  const writers = workflow.steps
    .filter((other) => before.has(other.id) && proposes(other))
    .map(({ id }) => id);
  const flaws: Flaw[] = [];
  if (writers.length === 0) {
    flaws.push({
      at: yaml.place(['steps', step.id, 'needs'], 'key'),
      message: `steps.${step.id} has nothing to check: no step before it writes.`,
      remedy: 'Name the step whose work it checks in “needs”.',
    });
  } else if (step.onFail && !writers.includes(step.onFail.revise)) {
    const name = { name: step.onFail.revise, kind: 'a step before it that writes', known: writers };
    flaws.push(
      unknownName(
        yaml.place(['steps', step.id, 'on-fail', 'revise']),
        `steps.${step.id}.on-fail.revise`,
        name,
      ),
    );
  }
  return flaws;
}

/** A path that a glob or template would fit, with as many folders as it may have. */
export function samplePath(glob: string): string {
  const filled = withSamples(glob);
  if (!picomatch.scan(filled).isGlob) return filled;
  return filled
    .replaceAll('**', 'x/x')
    .replace(/\{([^,{}]*),[^{}]*\}/g, '$1')
    .replace(/\[[^\]]*\]|[*?]/g, 'x');
}

/** A key that may hold one text or a list: the item's place, or that of the one. */
export function placeOfItem(yaml: YamlFile, path: readonly PropertyKey[], item: string) {
  const value = path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    yaml.value,
  );
  return yaml.place(Array.isArray(value) ? [...path, value.indexOf(item)] : path);
}

function typeNameOf(value: string | number | boolean): string {
  if (typeof value === 'string') return typeNames.text;
  return typeof value === 'number' ? typeNames.number : typeNames.boolean;
}
