import { canonicalJson, toJson } from '../base/json.ts';
import type { Definition } from '../contracts/run.ts';
import { proposes } from '../contracts/workflow.ts';
import type { Step } from '../contracts/workflow.ts';

/**
 * All of a definition that a step's result rests on, by what people call it, as canonical text. What things are called,
 * and where they stand in their files, changes no result; neither do time limits and tries.
 */
export function basisOf(definition: Definition, step: Step): ReadonlyMap<string, string> {
  const { workflow, agents, rules, prompts } = definition;
  const { name: _name, line: _line, timeoutMs: _timeoutMs, maxAttempts: _maxAttempts, ...own } = step;
  const basis = new Map([['its definition', canonicalJson(toJson(own))]]);
  const agent = agentOf(step);
  if (agent !== undefined) {
    const found = agents.find(({ id }) => id === agent);
    const { name: _agentName, description: _description, ...role } = found ?? {};
    basis.set(`the agent “${agent}”`, canonicalJson(toJson(role)));
    basis.set('AGENTS.md', rules);
  }
  if (step.kind === 'workflow') {
    const called = definition.workflows?.[step.workflow];
    basis.set(`the workflow “${step.workflow}”`, called ? canonicalJson(toJson(called)) : '');
  }
  const prompt = step.kind === 'agent' ? step.with.prompt : undefined;
  if (prompt !== undefined) basis.set(`the prompt “${prompt}”`, prompts[prompt] ?? '');
  if (proposes(step)) basis.set('what may be written', canonicalJson(toJson(workflow.permissions)));
  return basis;
}

/** What has changed under a step from one definition to another, as people call it; nothing when nothing has. */
export function changedUnder(
  before: { readonly definition: Definition; readonly step: Step },
  after: { readonly definition: Definition; readonly step: Step },
): string | undefined {
  const was = basisOf(before.definition, before.step);
  const is = basisOf(after.definition, after.step);
  return [...is.keys()].find((what) => was.get(what) !== is.get(what));
}

/** Whether a step could see an input: agents are given all of them, other steps what their texts name. */
export function seesInput(step: Step, input: string): boolean {
  if (agentOf(step) !== undefined) return true;
  const text = JSON.stringify(step);
  // A name that is computed may be any.
  return /\binputs\b/.test(text) && (text.includes(input) || /\binputs\s*\[\s*[^\\'"\s]/.test(text));
}

function agentOf(step: Step): string | undefined {
  if (step.kind === 'agent') return step.agent;
  return step.kind === 'check' ? step.judge : undefined;
}
