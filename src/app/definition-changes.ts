import { canonicalJson, isObject, toJson } from '../base/json.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Definition } from '../contracts/run.ts';

/** What has changed from one definition to another, a sentence each; none when they mean the same. */
export function definitionChanges(before: Definition, after: Definition): readonly string[] {
  const [was, is] = [partsOf(before), partsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [old, now] = [was.get(name), is.get(name)];
    if (old === undefined) return [`${name} is new.`];
    if (now === undefined) return [`${name} is gone.`];
    if (canonicalJson(old) === canonicalJson(now)) return [];
    const keys = isObject(old) && isObject(now) ? changedKeys(old, now) : [];
    return [keys.length > 0 ? `${name} has changed: ${keys.join(', ')}.` : `${name} has changed.`];
  });
}

/** A definition in the parts that people speak of. Where a step stands in its file says nothing. */
function partsOf({ workflow, agents, policy, rules, prompts }: Definition): ReadonlyMap<string, Json> {
  const { steps, inputs, id: _id, ...head } = workflow;
  const parts: [string, Json][] = [
    ['The workflow', toJson(head)],
    ...Object.entries(inputs).map(([name, input]): [string, Json] => [`The input “${name}”`, toJson(input)]),
    ...steps.map(({ line: _line, id, ...step }): [string, Json] => [`The step “${id}”`, toJson(step)]),
    ...agents.map(({ id, ...agent }): [string, Json] => [`The agent “${id}”`, toJson(agent)]),
    ...Object.entries(prompts).map(([name, text]): [string, Json] => [`The prompt “${name}”`, text]),
    ['The policy', toJson(policy)],
    ['AGENTS.md', rules],
  ];
  return new Map(parts);
}

function changedKeys(was: JsonObject, is: JsonObject): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) => {
    const [old, now] = [was[key], is[key]];
    if (old !== undefined && now !== undefined && canonicalJson(old) === canonicalJson(now)) return [];
    if (!isObject(old) || !isObject(now)) return [key];
    return changedKeys(old, now).map((inner) => `${key}.${inner}`);
  });
}
