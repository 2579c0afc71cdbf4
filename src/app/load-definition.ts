import type { CompanyFiles } from '../workspace/company-files.ts';
import { agentFileSuffix, parseAgentFile } from '../agents/agent-file.ts';
import { AppError, toFailure } from '../base/failure.ts';
import type { Failure, Place } from '../base/failure.ts';
import {
  callCycle,
  callDepth,
  invalidDefinition,
  unknownName,
  type Flaw,
} from '../base/failures/definitions.ts';
import { appFailures } from '../base/failures/app.ts';
import { limits } from '../base/limits.ts';
import type { Agent } from '../contracts/agent.ts';
import { companyPaths } from '../contracts/company.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Definition } from '../contracts/run.ts';
import { everyStep, type Step, type Workflow, type WorkflowStep } from '../contracts/workflow.ts';
import { parseWorkflow, parseWorkflowFile } from '../engine/workflow-file.ts';
import type { ParsedWorkflow } from '../engine/workflow-file.ts';
import { parsePolicy } from '../policy/policy-file.ts';

const workflowSuffix = '.yaml';

/** Everything of one kind that could be read, and what is wrong with the rest. */
export interface Loaded<T> {
  readonly items: readonly T[];
  readonly problems: readonly Failure[];
}

export function workflowPath(id: string): string {
  return `${companyPaths.workflows}/${id}${workflowSuffix}`;
}

/** Pins what a run needs, as it is now. Throws `workflow.missing`, `agent.missing`, `definition.invalid`. */
export async function loadDefinition(files: CompanyFiles, id: string): Promise<Definition> {
  const workflow = await loadWorkflow(files, id);
  const called = await loadCalled(files, [workflow]);
  const all = [workflow, ...called];
  const [agents, policy, rules, prompts] = await Promise.all([
    Promise.all([...agentsNamedBy(all)].map(([agent, by]) => loadAgent(files, agent, by))),
    loadPolicy(files),
    files.readText(companyPaths.rules, limits.definitionBytes),
    Promise.all(all.map((one) => loadPrompts(files, one))),
  ]);
  return {
    workflow,
    ...(called.length > 0 ? { workflows: Object.fromEntries(called.map((one) => [one.id, one])) } : {}),
    agents,
    policy,
    rules: rules ?? '',
    prompts: Object.assign({}, ...prompts) as Record<string, string>,
  };
}

/**
 * The workflows that the last one of `callers` calls, and those that they call. Throws `workflow.missing`,
 * `workflow.cycle`, `definition.invalid` where the call is written.
 */
export async function loadCalled(files: CompanyFiles, callers: readonly Workflow[]): Promise<Workflow[]> {
  const found = new Map<string, Workflow>();
  const caller = callers.at(-1);
  for (const step of everyStep(caller?.steps ?? [])) {
    if (step.kind !== 'workflow' || !caller) continue;
    const at = { file: workflowPath(caller.id), ...(step.line ? { line: step.line } : {}) };
    const called = await loadCallee(files, step, { callers, at });
    found.set(called.id, called);
    for (const inner of await loadCalled(files, [...callers, called])) found.set(inner.id, inner);
  }
  return [...found.values()];
}

interface Call {
  readonly callers: readonly Workflow[];
  readonly at: Place;
}

async function loadCallee(files: CompanyFiles, step: WorkflowStep, { callers, at }: Call): Promise<Workflow> {
  const ids = callers.map(({ id }) => id);
  const from = ids.indexOf(step.workflow);
  if (from >= 0) throw callCycle(at, [...ids.slice(from), step.workflow]);
  if (callers.length >= limits.stepDepth) throw callDepth(at, limits.stepDepth);
  const file = workflowPath(step.workflow);
  const text = await files.readText(file, limits.definitionBytes);
  if (text === undefined) {
    const known = await workflowIds(files);
    const wrong = { name: step.workflow, kind: 'a workflow of the company', known };
    throw invalidDefinition([unknownName(at, `steps.${step.id}.workflow`, wrong)]);
  }
  const called = parseWorkflow(text, { file, id: step.workflow });
  const flaws = callFlaws(step, called, at);
  if (flaws[0]) throw invalidDefinition([flaws[0], ...flaws.slice(1)]);
  return called;
}

/** Inputs that the called workflow does not have, or has no value for. */
function callFlaws(step: WorkflowStep, { id, inputs }: Workflow, at: Place): Flaw[] {
  const known = Object.keys(inputs);
  const unknown = Object.keys(step.with).filter((name) => !known.includes(name));
  const missing = known.filter((name) => inputs[name]?.default === undefined && !(name in step.with));
  return [
    ...unknown.map((name) => {
      return unknownName(at, `steps.${step.id}.with`, { name, kind: `an input of “${id}”`, known });
    }),
    ...missing.map((name) => {
      return { at, message: `steps.${step.id}.with gives “${id}” no “${name}”, which has no default.` };
    }),
  ];
}

/** Each agent with the workflow that names it first. */
function agentsNamedBy(workflows: readonly Workflow[]): ReadonlyMap<string, Workflow> {
  const named = new Map<string, Workflow>();
  for (const workflow of workflows) {
    for (const agent of everyStep(workflow.steps).flatMap(agentsOf)) {
      if (!named.has(agent)) named.set(agent, workflow);
    }
  }
  return named;
}

export async function loadWorkflow(files: CompanyFiles, id: string): Promise<Workflow> {
  return (await loadWorkflowFile(files, id)).workflow;
}

async function loadWorkflowFile(files: CompanyFiles, id: string): Promise<ParsedWorkflow> {
  const file = workflowPath(id);
  const text = await files.readText(file, limits.definitionBytes);
  if (text === undefined) throw appFailures.workflowMissing(id, await workflowIds(files));
  return parseWorkflowFile(text, { file, id });
}

export async function loadWorkflows(files: CompanyFiles): Promise<Loaded<Workflow>> {
  return loadEach(await workflowIds(files), (id) => loadWorkflow(files, id));
}

/** Workflows with what starts their runs. */
export async function loadTriggers(files: CompanyFiles): Promise<Loaded<ParsedWorkflow>> {
  return loadEach(await workflowIds(files), (id) => loadWorkflowFile(files, id));
}

export async function loadAgents(files: CompanyFiles): Promise<Loaded<Agent>> {
  const paths = await files.list(companyPaths.agents, agentFileSuffix);
  return loadEach(paths, async (path) => parseAgentFile(path, await readExisting(files, path)));
}

/** The company's policy; without a file, everything is asked. */
export async function loadPolicy(files: CompanyFiles): Promise<Policy> {
  const text = await files.readText(companyPaths.policy, limits.definitionBytes);
  return parsePolicy(text ?? '{}', { file: companyPaths.policy });
}

export async function loadEach<K, T>(keys: readonly K[], load: (key: K) => Promise<T>): Promise<Loaded<T>> {
  const items: T[] = [];
  const problems: Failure[] = [];
  for (const key of keys) {
    try {
      items.push(await load(key));
    } catch (thrown) {
      problems.push(toFailure(thrown));
    }
  }
  return { items, problems };
}

export async function readExisting(files: CompanyFiles, path: string): Promise<string> {
  const text = await files.readText(path, limits.definitionBytes);
  if (text === undefined) throw appFailures.fileMissing(path);
  return text;
}

/** The agents that a step names. */
export function agentsOf(step: Step): readonly string[] {
  if (step.kind === 'agent') return [step.agent];
  if (step.kind === 'plan') return step.agents;
  return step.kind === 'check' && step.judge ? [step.judge] : [];
}

async function loadAgent(files: CompanyFiles, id: string, workflow: Workflow): Promise<Agent> {
  const path = `${companyPaths.agents}/${id}${agentFileSuffix}`;
  const text = await files.readText(path, limits.definitionBytes);
  if (text !== undefined) return parseAgentFile(path, text);
  const step = everyStep(workflow.steps).find((one) => agentsOf(one).includes(id));
  throw appFailures.agentMissing(id, {
    file: workflowPath(workflow.id),
    ...(step?.line ? { line: step.line } : {}),
  });
}

async function loadPrompts(files: CompanyFiles, workflow: Workflow): Promise<Record<string, string>> {
  const names = everyStep(workflow.steps).flatMap((step) =>
    step.kind === 'agent' && step.with.prompt ? [step.with.prompt] : [],
  );
  const texts = names.map(async (name): Promise<[string, string]> => {
    try {
      return [name, await readExisting(files, `${companyPaths.workflows}/${name}`)];
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'file.missing') {
        throw appFailures.promptMissing(name, workflowPath(workflow.id));
      }
      throw thrown;
    }
  });
  return Object.fromEntries(await Promise.all(texts));
}

async function workflowIds(files: CompanyFiles): Promise<string[]> {
  const paths = await files.list(companyPaths.workflows, workflowSuffix);
  return paths.map((path) => path.slice(companyPaths.workflows.length + 1, -workflowSuffix.length));
}
