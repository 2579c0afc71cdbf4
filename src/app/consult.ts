import type { AttemptContext } from './attempt-context.ts';
import type { Ports } from './ports.ts';
import { askAgent } from '../agents/attempt.ts';
import type { AgentAnswer } from '../agents/attempt.ts';
import { modelRequest } from '../agents/prompt.ts';
import type { Agent } from '../contracts/agent.ts';
import type { Material } from '../contracts/model.ts';

/** An agent's answer, and the model that gave it, as its provider names it. */
export interface Consulted {
  readonly answer: AgentAnswer;
  readonly model: string;
}

export async function consult(
  ports: Ports,
  { agent, material }: { readonly agent: Agent; readonly material: Material },
  { signal, spend }: AttemptContext,
): Promise<Consulted> {
  const answer = await askAgent(ports.model, modelRequest(agent, material), signal, spend);
  return { answer, model: answer.usage.at(-1)?.model ?? ports.model.id };
}
