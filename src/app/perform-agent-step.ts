import type { AttemptContext } from './attempt-context.ts';
import { workOf } from './agent-work.ts';
import { buildMaterial } from './build-material.ts';
import { consult } from './consult.ts';
import { gatherSources } from './gather-sources.ts';
import type { Ports } from './ports.ts';
import { proposeDraft } from './propose-draft.ts';
import { sourceRef } from './source-ref.ts';
import { StepScope } from './step-scope.ts';
import { undecidedBefore, visibleFiles } from './visible-files.ts';
import { appFailures } from '../base/failures/app.ts';
import type { Agent } from '../contracts/agent.ts';
import type { RunState } from '../contracts/run.ts';
import type { AgentStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

/** An agent's attempt: gather, ask, validate, and turn the files it wrote into a proposal. */
export async function performAgentStep(
  ports: Ports,
  task: StepTask & { readonly step: AgentStep },
  context: AttemptContext,
): Promise<StepOutcome> {
  const { state, step, attempt } = task;
  const agent = agentOf(state, step.agent);
  const scope = new StepScope(state, step);
  const files = visibleFiles(ports, undecidedBefore(state, step.id));
  const sources = await gatherSources(ports, { state, step, scope, files });
  const material = await buildMaterial(ports, { state, step, scope, files, sources, agent });
  const { answer, model } = await consult(ports, { agent, material }, context);
  const work = workOf(state, material, answer);
  const { cost } = context;
  const tainted = sources.some(({ untrusted }) => untrusted);
  const proposal =
    attempt.slot &&
    (await proposeDraft(ports, {
      state,
      step: step.id,
      attempt,
      agent: agent.id,
      model,
      cost,
      tainted,
      ...work,
    }));
  return {
    is: 'done',
    input: {
      objective: material.objective,
      writes: [...material.writes],
      feedback: material.feedback.map(({ text }) => text),
    },
    output: work.output,
    cost,
    model,
    sources: sources.map(sourceRef),
    proposal,
  };
}

export function agentOf(state: RunState, id: string): Agent {
  const agent = state.definition.agents.find((one) => one.id === id);
  if (!agent) throw appFailures.agentMissing(id, { file: `.cairn/agents/${id}.agent.md` });
  return agent;
}
