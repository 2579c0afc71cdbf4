import type { Ports } from './ports.ts';
import { dayOf } from './step-scope.ts';
import type { StepScope } from './step-scope.ts';
import { concretePaths, ownVersion, visibleFiles } from './visible-files.ts';
import type { VisibleFiles } from './visible-files.ts';
import { describeRule, renderRule } from '../agents/checks/run-checks.ts';
import { appFailures } from '../base/failures/app.ts';
import { matchesAny } from '../contracts/path-rules.ts';
import type { Agent } from '../contracts/agent.ts';
import type { Material, Source } from '../contracts/model.ts';
import type { RunState } from '../contracts/run.ts';
import type { AgentStep, CheckStep } from '../contracts/workflow.ts';
import { downstream } from '../engine/workflow-graph.ts';

export interface MaterialRequest {
  readonly state: RunState;
  readonly step: AgentStep;
  readonly scope: StepScope;
  readonly files: VisibleFiles;
  readonly sources: readonly Source[];
  readonly agent: Agent;
}

/** All that an attempt is given, rendered and read. */
export async function buildMaterial(ports: Ports, request: MaterialRequest): Promise<Material> {
  const { state, step, scope, sources, agent } = request;
  const { workflow } = state.definition;
  const writes = scope.texts(step.writes, 'writes');
  holdToPermissions(writes, workflow.permissions.write);
  const prompt = step.with.prompt && state.definition.prompts[step.with.prompt];
  const objective = [step.with.objective, prompt].filter(Boolean).join('\n\n');
  return {
    role: agent.role,
    company: { rules: state.definition.rules },
    workflow: { name: workflow.name, steps: workflow.steps.map(outline) },
    step: { id: step.id, name: step.name },
    objective: scope.instruction(objective, 'with.objective'),
    inputs: state.inputs,
    today: dayOf(state),
    writes,
    sections: scope.texts(step.with.sections, 'with.sections'),
    expectations: expectationsOf(request),
    sources,
    files: await filesToWrite(ports, request, writes),
    feedback: state.steps.get(step.id)?.feedback ?? [],
  };
}

/** A check's rules, with the run's inputs in their texts. */
export function rulesOf(check: CheckStep, scope: StepScope): CheckStep['rules'] {
  return check.rules.map((rule) => renderRule(rule, (template) => scope.text(template, 'check.mentions')));
}

/** The file's own check sees templates; what they became may hold words from outside. */
function holdToPermissions(writes: readonly string[], permitted: readonly string[]): void {
  const stray = concretePaths(writes).find((path) => permitted.length > 0 && !matchesAny(path, permitted));
  if (stray !== undefined) throw appFailures.notAllowedToWrite(stray, permitted);
}

function outline(step: RunState['definition']['workflow']['steps'][number]) {
  const { id, name, kind } = step;
  return { id, name, kind, ...(step.kind === 'agent' ? { agent: step.agent } : {}) };
}

/** What the checks behind a step will ask of its work. */
function expectationsOf({ state, step, scope }: MaterialRequest): string[] {
  const { workflow } = state.definition;
  const after = downstream(workflow, step.id);
  return workflow.steps.flatMap((other) => {
    if (other.kind !== 'check' || !after.has(other.id)) return [];
    return rulesOf(other, scope).map(describeRule);
  });
}

/** The files as they are now: the step's own last version if it is revised, else what the steps before made. */
async function filesToWrite(
  ports: Ports,
  { state, step, files }: MaterialRequest,
  writes: readonly string[],
) {
  const own = ownVersion(state, step.id);
  const mine = visibleFiles(ports, own ? [own] : []);
  const paths = concretePaths(writes);
  const ownPaths = new Set(own?.files.map(({ path }) => path));
  const all = [...new Set([...paths, ...ownPaths])];
  const found = await Promise.all(
    all.map(async (path) => ({ path, content: await (ownPaths.has(path) ? mine : files).read(path) })),
  );
  return found.flatMap(({ path, content }) => (content === undefined ? [] : [{ path, content }]));
}
