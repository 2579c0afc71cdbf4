import { unknownName, type Flaw } from '../base/failures/definitions.ts';
import { isObject } from '../base/json.ts';
import { checkYaml, type YamlFile } from '../contracts/parse-yaml.ts';
import { triggersOf, triggersSchema, type Trigger } from '../contracts/trigger.ts';
import { subject } from '../contracts/yaml-issue.ts';
import type { Workflow } from '../contracts/workflow.ts';
import { scheduleFlaw } from './schedule.ts';
import { outsideInputs, triggerNames } from './trigger-inputs.ts';
import { stepLists } from './step-list.ts';
import { globFlaws } from './workflow-rules.ts';
import { templateNames } from './workflow-templates.ts';

/** Reads `on` of a workflow's file. */
export function readTriggers(yaml: YamlFile): {
  readonly triggers: readonly Trigger[];
  readonly flaws: readonly Flaw[];
} {
  const written = isObject(yaml.value) ? (yaml.value['on'] ?? {}) : {};
  const on = checkYaml(yaml, ['on'], written, triggersSchema);
  if ('flaws' in on) return { triggers: [], flaws: on.flaws };
  const lineOf = (kind: Trigger['kind'], index: number) => yaml.place(['on', kind, index]).line;
  return { triggers: triggersOf(on.value, lineOf), flaws: [] };
}

/** Triggers that can never fire, or that could not start a run when they do. */
export function triggerFlaws(
  yaml: YamlFile,
  workflow: Workflow,
  triggers: readonly Trigger[],
): readonly Flaw[] {
  return triggers.flatMap((trigger, i) => {
    const path = ['on', trigger.kind, trigger.index];
    const twice = triggers.slice(0, i).some(({ name }) => name === trigger.name);
    return [
      ...(twice
        ? [
            {
              at: yaml.place(path),
              message: `${subject(path)} is there twice.`,
              remedy: 'Remove one of them.',
            },
          ]
        : []),
      ...ownFlaws(yaml, path, trigger),
      ...inputFlaws(yaml, workflow, trigger),
      ...outsideFlaws(yaml, workflow, trigger),
    ];
  });
}

function ownFlaws(yaml: YamlFile, path: readonly PropertyKey[], trigger: Trigger): readonly Flaw[] {
  switch (trigger.kind) {
    case 'schedule': {
      const flaw = scheduleFlaw(trigger);
      if (!flaw) return [];
      const at = [...path, flaw.key];
      return [{ at: yaml.place(at), message: `${subject(at)} ${flaw.says}`, remedy: flaw.remedy }];
    }
    case 'file':
      return globFlaws(yaml, [...path, 'paths'], trigger.paths, (glob) => /\{[{%]/.test(glob));
    case 'connector':
      return Object.entries(trigger.with).flatMap(([key, value]): Flaw[] => {
        if (!/\{[{%]/.test(value)) return [];
        const at = [...path, 'with', key];
        const message = `${subject(at)} is a template, but there is nothing yet that it could name.`;
        return [{ at: yaml.place(at), message, remedy: 'Write it out.' }];
      });
  }
}

/** Inputs that are not there, that nothing gives, or whose templates name what the trigger does not know. */
function inputFlaws(yaml: YamlFile, workflow: Workflow, trigger: Trigger): readonly Flaw[] {
  const path = ['on', trigger.kind, trigger.index];
  const known = Object.keys(workflow.inputs);
  const missing = known.filter(
    (name) => workflow.inputs[name]?.default === undefined && !(name in trigger.inputs),
  );
  const given = Object.entries(trigger.inputs).flatMap(([name, template]): Flaw[] => {
    const at = [...path, 'inputs', name];
    if (!known.includes(name))
      return [unknownName(yaml.place(at, 'key'), subject(path), { name, kind: 'an input', known })];
    const names = triggerNames[trigger.kind].map((one) => `trigger.${one}`);
    return templateNames(template)
      .map((one) => `${one.of}.${one.name}`)
      .filter((one) => !names.includes(one))
      .map((one) =>
        unknownName(yaml.place(at), subject(at), { name: one, kind: 'known to this trigger', known: names }),
      );
  });
  const unset = missing.map((name): Flaw => {
    const message = `${subject(path)} gives the input “${name}” no value, and it has no default.`;
    const remedy = `Add “inputs: {${name}: …}” to the trigger, or a default to the input.`;
    return { at: yaml.place(path), message, remedy };
  });
  return [...unset, ...given];
}

/** Text from outside is never told to an agent as what it is to do (promise P7). */
function outsideFlaws(yaml: YamlFile, workflow: Workflow, trigger: Trigger): readonly Flaw[] {
  if (trigger.kind !== 'connector') return [];
  const outside = outsideInputs(trigger.inputs);
  const written = stepLists(workflow).flatMap(({ path, steps }) => steps.map((step) => ({ path, step })));
  return written.flatMap(({ path, step }): Flaw[] => {
    if (step.kind !== 'agent') return [];
    const named = templateNames(step.with.objective).filter(({ of }) => of === 'inputs');
    const name = named.find((one) => outside.includes(one.name))?.name;
    if (name === undefined) return [];
    const at = [...path, step.id, 'with', 'objective'];
    const message = `${subject(at)} names the input “${name}”, which ${subject(['on', 'connector', trigger.index])} fills with text from outside.`;
    return [{ at: yaml.place(at), message, remedy: 'Let a connector’s step read it instead.' }];
  });
}
