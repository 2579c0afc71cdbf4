import { agentFailures } from '../base/failures/agents.ts';
import type { Role } from '../contracts/agent.ts';
import type { Material, ModelProvider, ModelRequest, Usage } from '../contracts/model.ts';
import { misfit } from './fit.ts';
import { readReply, repairPrompt, type OutputOf, type Reading } from './reply.ts';

/** An agent's valid output, and what each reply on the way to it used. */
interface AnswerOf<R extends Role> {
  readonly role: R;
  readonly output: OutputOf<R>;
  readonly usage: readonly Usage[];
}

export type AgentAnswer = { readonly [R in Role]: AnswerOf<R> }[Role];

interface Conversation {
  readonly provider: ModelProvider;
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  readonly onUsage: (usage: Usage) => void;
}

/**
 * Asks a model for one attempt of an agent: validates the reply, and gives the model one round to
 * repair it. Throws `model.invalid-reply` when the second reply is no better, and whatever
 * `model.*` failure the provider throws. `onUsage` hears of every reply, so that what was spent on
 * a failed attempt is known as well.
 */
export async function askAgent(
  provider: ModelProvider,
  request: ModelRequest,
  signal: AbortSignal,
  onUsage: (usage: Usage) => void = () => undefined,
): Promise<AgentAnswer> {
  const conversation = { provider, request, signal, onUsage };
  return conversations[request.material.role](conversation);
}

/** Spelt out, because only a literal role ties an answer's role to the type of its output. */
const conversations: { readonly [R in Role]: (conversation: Conversation) => Promise<AnswerOf<R>> } = {
  planner: (conversation) => converse('planner', conversation),
  fetcher: (conversation) => converse('fetcher', conversation),
  executor: (conversation) => converse('executor', conversation),
  qa: (conversation) => converse('qa', conversation),
};

async function converse<R extends Role>(role: R, conversation: Conversation): Promise<AnswerOf<R>> {
  const { provider, request, signal, onUsage } = conversation;
  const usage: Usage[] = [];
  const ask = async (asked: ModelRequest): Promise<string> => {
    const reply = await provider.complete(asked, signal);
    usage.push(reply.usage);
    onUsage(reply.usage);
    return reply.text;
  };

  const text = await ask(request);
  const first = readFitting(role, text, request.material);
  if (first.ok) return { role, output: first.output, usage };

  const repaired = await ask(repairPrompt(request, text, first.complaint));
  const second = readFitting(role, repaired, request.material);
  if (second.ok) return { role, output: second.output, usage };
  throw agentFailures.invalidReply(provider.label, second.complaint);
}

function readFitting<R extends Role>(role: R, text: string, material: Material): Reading<R> {
  const reading = readReply(role, text);
  if (!reading.ok) return reading;
  const complaint = misfit(role, reading.output, material);
  return complaint === undefined ? reading : { ok: false, complaint };
}
