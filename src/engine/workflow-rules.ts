import picomatch from 'picomatch/posix';
import { unknownName, type Flaw } from '../base/failures/definitions.ts';
import { namesNoDay } from '../base/time-of-day.ts';
import { isProtectedPath, matchesAny, staysInside } from '../contracts/path-rules.ts';
import type { YamlFile } from '../contracts/parse-yaml.ts';
import { subject } from '../contracts/yaml-issue.ts';
import {
  proposes,
  type AgentStep,
  type CheckStep,
  type PlanStep,
  type Step,
  type WaitStep,
  type Workflow,
} from '../contracts/workflow.ts';
import { stepLists, type StepList } from './step-list.ts';
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
  return stepLists(workflow).flatMap((list) =>
    list.steps.flatMap((step) => [
      ...needsFlaws(yaml, list, step),
      ...('writes' in step ? writesFlaws(yaml, list.path, step, workflow.permissions.write) : []),
      ...(step.kind === 'wait' ? waitFlaws(yaml, list.path, step) : []),
      ...(step.kind === 'check' ? checkFlaws(yaml, list, step) : []),
    ]),
  );
}

function needsFlaws(yaml: YamlFile, { path, steps }: StepList, step: Step): readonly Flaw[] {
  const known = steps.map(({ id }) => id);
  const key = [...path, step.id, 'needs'];
  return step.needs.flatMap((need): Flaw[] => {
    const at = placeOfItem(yaml, key, need);
    if (need === step.id) {
      return [{ at, message: `${key.join('.')} names the step itself.`, remedy: 'Remove it.' }];
    }
    if (known.includes(need)) return [];
    const others = known.filter((id) => id !== step.id);
    return [unknownName(at, key.join('.'), { name: need, kind: 'a step', known: others })];
  });
}

function writesFlaws(
  yaml: YamlFile,
  path: readonly string[],
  step: AgentStep | PlanStep,
  permitted: readonly string[],
): readonly Flaw[] {
  const key = [...path, step.id, 'writes'];
  return step.writes.flatMap((glob): Flaw[] => {
    const at = placeOfItem(yaml, key, glob);
    const sample = samplePath(glob);
    const subject = `${key.join('.')} names “${glob}”`;
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
    if (permitted.length === 0 || matchesAny(sample, permitted)) return [];
    const allowed = permitted.join(', ');
    return [
      {
        at,
        message: `${subject}, which permissions.write (${allowed}) does not cover.`,
        remedy: 'Widen permissions.write or write elsewhere.',
      },
    ];
  });
}

function waitFlaws(yaml: YamlFile, path: readonly string[], { id, for: wanted }: WaitStep): readonly Flaw[] {
  if (wanted.is === 'moment' && namesNoDay(wanted.until)) {
    const at = [...path, id, 'wait', 'until'];
    const message = `${subject(at)} is “${wanted.until}”, a day that its month does not have.`;
    return [{ at: yaml.place(at), message, remedy: 'Write a date of the calendar.' }];
  }
  if (wanted.is !== 'occurrence' || wanted.watch.kind !== 'file') return [];
  return globFlaws(yaml, [...path, id, 'wait', 'paths'], wanted.watch.paths);
}

/** Globs that no file of those that are looked at can fit. */
export function globFlaws(
  yaml: YamlFile,
  path: readonly PropertyKey[],
  globs: readonly string[],
  isWrong: (glob: string) => boolean = () => false,
): readonly Flaw[] {
  const fitsNothing = (glob: string) => {
    const sample = samplePath(glob);
    const isOutside = !staysInside(sample) || isProtectedPath(sample) || /(^|\/)\./.test(sample);
    return glob.startsWith('!') || isOutside || isWrong(glob);
  };
  return globs.filter(fitsNothing).map((glob) => ({
    at: placeOfItem(yaml, path, glob),
    message: `${subject(path)} names “${glob}”, which no file can fit.`,
    remedy:
      'Write what fits: relative to the company, with “/”, without “..”, “!” and templates. Names with a dot in front are never looked at.',
  }));
}

function checkFlaws(yaml: YamlFile, list: StepList, step: CheckStep): readonly Flaw[] {
  const above = upstream(list, step.id);
  const path = [...list.path, step.id];
  const name = path.join('.');
  const writers = list.steps
    .filter(({ id }) => above.has(id))
    .filter(writesFiles)
    .map(({ id }) => id);
  const revised = list.steps
    .filter(proposes)
    .map(({ id }) => id)
    .filter((id) => above.has(id));
  const flaws: Flaw[] = [];
  if (writers.length === 0 && !list.before.some(writesFiles)) {
    flaws.push({
      at: yaml.place([...path, 'needs'], 'key'),
      message: `${name} has nothing to check: no step before it writes.`,
      remedy: 'Name the step whose work it checks in “needs”.',
    });
  } else if (step.onFail && !revised.includes(step.onFail.revise)) {
    const wrong = { name: step.onFail.revise, kind: 'a step before it that writes', known: revised };
    flaws.push(unknownName(yaml.place([...path, 'on-fail', 'revise']), `${name}.on-fail.revise`, wrong));
  }
  return flaws;
}

/** Whether a step's work, or that of its own steps, may become files. */
function writesFiles(step: Step): boolean {
  if (step.kind === 'map') return step.steps.some(writesFiles);
  return step.kind === 'workflow' || step.kind === 'plan' || proposes(step);
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
