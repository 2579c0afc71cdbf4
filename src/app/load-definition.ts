import type { CompanyFiles } from '../workspace/company-files.ts';
import { agentFileSuffix, parseAgentFile } from '../agents/agent-file.ts';
import { AppError, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import { limits } from '../base/limits.ts';
import type { Agent } from '../contracts/agent.ts';
import { companyPaths } from '../contracts/company.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Definition } from '../contracts/run.ts';
import type { Workflow } from '../contracts/workflow.ts';
import { parseWorkflowFile } from '../engine/workflow-file.ts';
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
  const named = [...new Set(workflow.steps.flatMap(agentsOf))];
  const [agents, policy, rules, prompts] = await Promise.all([
    Promise.all(named.map((agent) => loadAgent(files, agent, workflow))),
    loadPolicy(files),
    files.readText(companyPaths.rules, limits.definitionBytes),
    loadPrompts(files, workflow),
  ]);
  return { workflow, agents, policy, rules: rules ?? '', prompts };
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

function agentsOf(step: Workflow['steps'][number]): string[] {
  if (step.kind === 'agent') return [step.agent];
  return step.kind === 'check' && step.judge ? [step.judge] : [];
}

async function loadAgent(files: CompanyFiles, id: string, workflow: Workflow): Promise<Agent> {
  const path = `${companyPaths.agents}/${id}${agentFileSuffix}`;
  const text = await files.readText(path, limits.definitionBytes);
  if (text !== undefined) return parseAgentFile(path, text);
  const step = workflow.steps.find((one) => agentsOf(one).includes(id));
  throw appFailures.agentMissing(id, {
    file: workflowPath(workflow.id),
    ...(step?.line ? { line: step.line } : {}),
  });
}

async function loadPrompts(files: CompanyFiles, workflow: Workflow): Promise<Record<string, string>> {
  const names = workflow.steps.flatMap((step) =>
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
