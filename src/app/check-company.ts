import {
  agentsOf,
  loadAgents,
  loadCalled,
  loadEach,
  loadPolicy,
  loadWorkflows,
  readExisting,
  workflowPath,
} from './load-definition.ts';
import type { Ports } from './ports.ts';
import type { Failure } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import { companyPaths } from '../contracts/company.ts';
import { everyStep, type Workflow } from '../contracts/workflow.ts';
import { parseConnector } from '../connectors/connector-file.ts';

/** Everything wrong with the company's own files, each with its place. */
export async function checkCompany({
  files,
  memory,
}: Pick<Ports, 'files' | 'memory'>): Promise<readonly Failure[]> {
  const connectorPaths = await files.list(companyPaths.connectors, '.yaml');
  const [workflows, agents, policy, connectors, notes] = await Promise.all([
    loadWorkflows(files),
    loadAgents(files),
    loadEach([companyPaths.policy], () => loadPolicy(files)),
    loadEach(connectorPaths, async (file) => parseConnector(await readExisting(files, file), { file })),
    memory.notes(),
  ]);
  const agentFiles = await files.list(companyPaths.agents, '.agent.md');
  const known = new Set(
    agentFiles.map((path) => path.slice(companyPaths.agents.length + 1, -'.agent.md'.length)),
  );
  const loaded = [workflows, agents, policy, connectors, notes];
  return [
    ...loaded.flatMap(({ problems }) => problems),
    ...workflows.items.flatMap((one) => strangers(one, known)),
    ...(await loadEach(workflows.items, (one) => loadCalled(files, [one]))).problems,
  ];
}

/** Steps that name an agent for which there is no file. */
function strangers(workflow: Workflow, known: ReadonlySet<string>): Failure[] {
  return everyStep(workflow.steps).flatMap((step) => {
    const at = { file: workflowPath(workflow.id), ...(step.line ? { line: step.line } : {}) };
    const strange = agentsOf(step).filter((agent) => !known.has(agent));
    return strange.map((agent) => appFailures.agentMissing(agent, at).failure);
  });
}
