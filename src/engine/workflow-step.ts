import type { z } from 'zod';
import type { Flaw } from '../base/failures/definitions.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import { nearestName } from '../base/nearest-name.ts';
import { checkYaml, type Checked, type YamlFile } from '../contracts/parse-yaml.ts';
import { stepSchemas } from '../contracts/step-schemas.ts';
import { connectorKeys } from '../contracts/trigger.ts';
import type { MapSource, Step, WaitFor } from '../contracts/workflow.ts';

interface ReadSteps {
  readonly steps: readonly Step[];
  readonly flaws: readonly Flaw[];
}

type ReadStep = { readonly step: Step } | { readonly flaws: readonly Flaw[] };
type StepHead = Pick<Step, 'id' | 'name' | 'needs' | 'condition' | 'timeoutMs' | 'line'>;
type CommonKeys = {
  readonly name?: string | undefined;
  readonly needs: string[];
  readonly if?: string | undefined;
  readonly timeout?: number | undefined;
};
type Keys<K extends keyof typeof stepSchemas> = z.output<(typeof stepSchemas)[K]>;

/** The kinds that a file may hold; `revert` is Cairn's own. */
const fileKinds = [
  'agent',
  'connector',
  'effect',
  'check',
  'gate',
  'wait',
  'map',
  'workflow',
  'plan',
] as const;
type FileKind = (typeof fileKinds)[number];

/** A judge's opinion may be worth asking for again; the rules themselves always answer alike. */
const checkAttempts = 3;
/** Before a step waits for an item it asks its connector what is there, which may fail for a while. */
const waitAttempts = 3;

/** Reads all steps below a key, each by the schema of its kind, with all that is wrong with them. */
export function readSteps(yaml: YamlFile, path: readonly string[]): ReadSteps {
  const steps: Step[] = [];
  const flaws: Flaw[] = [];
  for (const [id, value] of Object.entries(writtenSteps(yaml, path))) {
    const read = readStep(yaml, [...path, id], value);
    if ('step' in read) steps.push(read.step);
    else flaws.push(...read.flaws);
  }
  return { steps, flaws };
}

function readStep(yaml: YamlFile, path: readonly string[], value: unknown): ReadStep {
  const id = path.at(-1) ?? '';
  const kind = kindOf(value);
  if ('problem' in kind)
    return { flaws: [{ at: yaml.place(path, 'key'), message: `${path.join('.')} ${kind.problem}` }] };
  const head = (parsed: CommonKeys): StepHead => ({
    id,
    name: parsed.name ?? titleOf(id),
    needs: [...new Set(parsed.needs)],
    ...(parsed.if === undefined ? {} : { condition: parsed.if }),
    timeoutMs: parsed.timeout === undefined ? limits.stepTimeoutMs : Math.round(parsed.timeout * 60_000),
    line: yaml.place(path, 'key').line,
  });
  switch (kind.kind) {
    case 'agent':
      return made(checkYaml(yaml, path, value, stepSchemas.agent), (keys) => agentStep(head(keys), keys));
    case 'connector':
      return made(checkYaml(yaml, path, value, stepSchemas.connector), (keys) =>
        connectorStep(head(keys), keys),
      );
    case 'effect':
      return made(checkYaml(yaml, path, value, stepSchemas.effect), (keys) => effectStep(head(keys), keys));
    case 'check':
      return made(checkYaml(yaml, path, value, stepSchemas.check), (keys) => checkStep(head(keys), keys));
    case 'gate':
      return made(checkYaml(yaml, path, value, stepSchemas.gate), (keys) => gateStep(head(keys), keys));
    case 'wait':
      return made(checkYaml(yaml, path, value, stepSchemas.wait), (keys) => waitStep(head(keys), keys));
    case 'map':
      return readMap(yaml, path, value, head);
    case 'workflow':
      return made(checkYaml(yaml, path, value, stepSchemas.workflow), (keys) =>
        workflowStep(head(keys), keys),
      );
    case 'plan':
      return made(checkYaml(yaml, path, value, stepSchemas.plan), (keys) => planStep(head(keys), keys));
  }
}

/** The steps as they are written below a key, by id; none where there is no map of them. */
export function writtenSteps(yaml: YamlFile, path: readonly string[]): JsonObject {
  const written = path.reduce<unknown>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    yaml.value,
  );
  return isObject(written) ? written : {};
}

function readMap(
  yaml: YamlFile,
  path: readonly string[],
  value: unknown,
  head: (keys: CommonKeys) => StepHead,
): ReadStep {
  const checked = checkYaml(yaml, path, value, stepSchemas.map);
  const inner = readSteps(yaml, [...path, 'steps']);
  const flaws = [...('flaws' in checked ? checked.flaws : []), ...depthFlaws(yaml, path), ...inner.flaws];
  if ('flaws' in checked || flaws.length > 0) return { flaws };
  const keys = checked.value;
  const { map, 'at-once': atOnce } = keys;
  return {
    step: { ...head(keys), kind: 'map', maxAttempts: 1, over: sourceOf(map), atOnce, steps: inner.steps },
  };
}

function sourceOf(map: Keys<'map'>['map']): MapSource {
  if (typeof map === 'string') return { expression: map };
  return 'files' in map ? map : { list: map };
}

/** `steps.a.steps.b` is two deep. */
function depthFlaws(yaml: YamlFile, path: readonly string[]): Flaw[] {
  if (path.length / 2 <= limits.stepDepth) return [];
  const message = `${path.join('.')} is too deep: maps may lie ${limits.stepDepth} deep in one another.`;
  return [{ at: yaml.place(path, 'key'), message, remedy: 'Make a workflow of it, and call that.' }];
}

function workflowStep(head: StepHead, keys: Keys<'workflow'>): Step {
  return { ...head, kind: 'workflow', maxAttempts: 1, workflow: keys.workflow, with: keys.with };
}

function planStep(head: StepHead, { plan, agents, writes, max }: Keys<'plan'>): Step {
  return { ...head, kind: 'plan', maxAttempts: 1, plan, agents, writes, max };
}

/** `brief-to-draft` as people read it: `Brief To Draft`. */
function titleOf(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function agentStep(head: StepHead, keys: Keys<'agent'>): Step {
  const { agent, writes, retry, budget } = keys;
  const bounds = budget ? { budget } : {};
  return { ...head, kind: 'agent', maxAttempts: retry.max, agent, with: keys.with, writes, ...bounds };
}

function connectorStep(head: StepHead, keys: Keys<'connector'>): Step {
  const { connector, operation, retry } = keys;
  return { ...head, kind: 'connector', maxAttempts: retry.max, connector, operation, with: keys.with };
}

function effectStep(head: StepHead, keys: Keys<'effect'>): Step {
  const { effect: connector, operation, body, file, compensate, retry } = keys;
  const outgoing = { connector, operation, with: keys.with, body, file };
  return { ...head, kind: 'effect', maxAttempts: retry.max, outgoing, compensate };
}

function checkStep(head: StepHead, keys: Keys<'check'>): Step {
  const onFail = keys['on-fail'];
  return { ...head, kind: 'check', maxAttempts: checkAttempts, rules: keys.check, judge: keys.judge, onFail };
}

function gateStep(head: StepHead, keys: Keys<'gate'>): Step {
  const { gate: question, remind: remindEveryMs, within: withinMs, otherwise } = keys;
  return { ...head, kind: 'gate', maxAttempts: 1, question, remindEveryMs, withinMs, otherwise };
}

function waitStep(head: StepHead, keys: Keys<'wait'>): Step {
  const wanted = waitFor(keys.wait);
  const maxAttempts = wanted.is === 'occurrence' ? waitAttempts : 1;
  return { ...head, kind: 'wait', maxAttempts, for: wanted };
}

function waitFor(wait: Keys<'wait'>['wait']): WaitFor {
  if (typeof wait === 'number') return { is: 'time', ms: wait };
  if ('until' in wait) return { is: 'moment', ...wait };
  if ('event' in wait) {
    const { event, within: withinMs, otherwise } = wait;
    return { is: 'event', event, withinMs, otherwise };
  }
  if ('paths' in wait) {
    const { paths, within: withinMs, otherwise } = wait;
    return { is: 'occurrence', watch: { kind: 'file', paths }, withinMs, otherwise };
  }
  if ('connector' in wait) {
    const { within: withinMs, otherwise, ...keys } = wait;
    return { is: 'occurrence', watch: connectorKeys(keys), withinMs, otherwise };
  }
  const { decision: question, options, within: withinMs, otherwise } = wait;
  return { is: 'answer', question, options, withinMs, otherwise };
}

function made<T>(checked: Checked<T>, make: (keys: T) => Step): ReadStep {
  return 'flaws' in checked ? checked : { step: make(checked.value) };
}

function kindOf(value: unknown): { kind: FileKind } | { problem: string } {
  if (!isObject(value)) return { problem: 'must be a map of keys.' };
  if ('revert' in value)
    return { problem: 'is a “revert”, which only Cairn itself starts; use “cairn revert”.' };
  const [kind, second] = fileKinds.filter((name) => name in value);
  if (kind === undefined)
    return { problem: `needs one of ${fileKinds.join(', ')}, to say what it does${guessed(value)}` };
  if (second !== undefined) return { problem: `has both “${kind}” and “${second}”; make two steps of it.` };
  return { kind };
}

/** The kind that a misspelt key was probably meant to be. */
function guessed(step: JsonObject): string {
  const misspelt = Object.keys(step).find((key) => nearestName(key, fileKinds) !== undefined);
  const meant = misspelt === undefined ? undefined : nearestName(misspelt, fileKinds);
  return meant === undefined ? '.' : `; did you mean “${meant}” by “${misspelt}”?`;
}
