import type { Ports } from './ports.ts';
import { inputsOf, partsAround } from './step-outputs.ts';
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
import type { AgentStep, CheckStep, Step } from '../contracts/workflow.ts';
import { downstream, graphOf } from '../engine/workflow-graph.ts';

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
  const writes = scope.texts(step.writes, 'writes');
  for (const permitted of permissionsOf(state, step)) holdToPermissions(writes, permitted);
  const prompt = step.with.prompt && state.definition.prompts[step.with.prompt];
  const objective = [step.with.objective, prompt].filter(Boolean).join('\n\n');
  return {
    role: agent.role,
    company: { rules: state.definition.rules },
    workflow: outlineOf(state, step),
    step: { id: step.id, name: step.name },
    objective: scope.instruction(objective, 'with.objective'),
    inputs: inputsOf(state, step),
    today: dayOf(state),
    writes,
    sections: scope.texts(step.with.sections, 'with.sections'),
    expectations: expectationsOf(request),
    sources,
    files: await filesToWrite(ports, request, writes),
    feedback: state.steps.get(step.id)?.feedback ?? [],
    ...addsOf(request, writes),
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

/** What bounds a step's files: the workflow's permissions, and those of each part that it is in. */
function permissionsOf(state: RunState, step: Step): readonly (readonly string[])[] {
  const { permissions } = state.definition.workflow;
  return [permissions.write, ...partsAround(state, step).flatMap(({ writes }) => (writes ? [writes] : []))];
}

/** The steps beside this one, and those around them, as far as its agent has to do with them. */
export function outlineOf(state: RunState, { within }: Step): Material['workflow'] {
  const { workflow } = state.definition;
  const beside = [...state.steps.values()].filter(({ step }) => step.within?.part.id === within?.part.id);
  return { name: workflow.name, steps: beside.map(({ step }) => outline(step)) };
}

function outline(step: Step): Material['workflow']['steps'][number] {
  const { id, name, kind, within } = step;
  return { id: within?.local ?? id, name, kind, ...(step.kind === 'agent' ? { agent: step.agent } : {}) };
}

/** What a planner may add to the run: a step behind it carries out the file that it writes. */
function addsOf({ state, step, scope, agent }: MaterialRequest, paths: readonly string[]) {
  if (agent.role !== 'planner') return {};
  const after = downstream(graphOf(state), step.id);
  const carrying = [...state.steps.values()].find(
    ({ step: other }) =>
      other.kind === 'plan' && after.has(other.id) && paths.includes(scope.text(other.plan, 'plan')),
  )?.step;
  if (carrying?.kind !== 'plan') return {};
  const { agents, max } = carrying;
  return { adds: { agents, max, writes: scope.texts(carrying.writes, 'writes') } };
}

/** What an agent is told to heed holds nothing from outside: such a rule is checked without being told. */
function expectationOf(rule: CheckStep['rules'][number], scope: StepScope): string[] {
  try {
    return [describeRule(renderRule(rule, (template) => scope.instruction(template, 'check.mentions')))];
  } catch {
    return [];
  }
}

/** What the checks behind a step will ask of its work. */
function expectationsOf({ state, step, scope }: MaterialRequest): string[] {
  const after = downstream(graphOf(state), step.id);
  return [...state.steps.values()].flatMap(({ step: other }) => {
    if (other.kind !== 'check' || !after.has(other.id)) return [];
    return other.rules.flatMap((rule) => expectationOf(rule, scope));
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
