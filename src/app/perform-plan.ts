import type { Ports } from './ports.ts';
import { outsidePaths } from './outside-paths.ts';
import { StepScope } from './step-scope.ts';
import { undecidedBefore } from './visible-files.ts';
import { expandingFailures } from '../base/failures/expanding.ts';
import { limits } from '../base/limits.ts';
import type { PlanStep } from '../contracts/workflow.ts';
import { parsePlan } from '../engine/plan-file.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

/**
 * Reads the steps of a plan's file. An agent may have written it, so only what was decided counts: what is proposed
 * of it refuses the step (promise P7). What the operator has edited since is what is carried out.
 */
export async function performPlan(
  ports: Ports,
  { state, step }: StepTask & { readonly step: PlanStep },
): Promise<StepOutcome> {
  const scope = new StepScope(state, step);
  const file = scope.instruction(step.plan, 'plan');
  if ((await outsidePaths(ports.files))(file)) throw expandingFailures.planFromOutside(file);
  const undecided = undecidedBefore(state, step.id).flatMap(({ files }) => files);
  if (undecided.some(({ path }) => path === file)) throw expandingFailures.planUndecided(file);
  const text = await ports.files.readText(file, limits.definitionBytes);
  if (text === undefined) throw expandingFailures.planMissing(file);
  const writes = scope.texts(step.writes, 'writes');
  const inputs = Object.keys(state.definition.workflow.inputs);
  const steps = parsePlan(text, { file, agents: step.agents, writes, max: step.max, inputs });
  return {
    is: 'expanded',
    input: { plan: file, steps: steps.map(({ id }) => id) },
    parts: [{ id: step.id, file, writes }],
    steps,
  };
}
