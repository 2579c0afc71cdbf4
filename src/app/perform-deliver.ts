import type { AttemptContext } from './attempt-context.ts';
import { effectRequest } from './effect-request.ts';
import { connectTo } from './read-connector.ts';
import type { Ports } from './ports.ts';
import { describeFailure, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';
import { effectFailures } from '../base/failures/effects.ts';
import { connectorFailures } from '../base/failures/connectors.ts';
import { doubt, type EffectRequest, type Effects, type Probed } from '../contracts/effect.ts';
import type { DeliverStep } from '../contracts/workflow.ts';
import { approvedEffect, mayHaveLeft } from '../engine/approved-effect.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

type DeliverTask = StepTask & { readonly step: DeliverStep };

/**
 * Does what was approved, once. What a process that is gone may have done is in doubt: it is looked for, done again
 * only where twice is once, else the operator is asked (promise P3).
 */
export async function performDeliver(
  ports: Ports,
  task: DeliverTask,
  context: AttemptContext,
): Promise<StepOutcome> {
  const { composedBy } = task.step;
  if (task.state.steps.get(composedBy)?.status.is === 'skipped') {
    return { is: 'left-out', why: 'What it would send was left out.' };
  }
  const prepared = await prepare(ports, task);
  if ('is' in prepared) return prepared;
  const { effects, request } = prepared;
  const before = task.state.delivered.get(request.key);
  // Work before it was made anew and came to the same: one decision does it once.
  if (before) return delivered(task, request, before.receipt, context);
  const attempt = { step: task.step.id, attempt: task.attempt.number, key: request.key };
  if (!task.resumed && !mayHaveLeft(task.state, attempt)) return sendOrPause(prepared, task, context);
  const found = await look(effects, request, context.signal);
  if (found.is === 'sent') return delivered(task, request, found.receipt, context);
  if (found.is === 'unsent') return sendOrPause(prepared, task, context);
  if (!isIdempotent(effects, request)) return inDoubt(task, request, found.why);
  try {
    return await send(prepared, task, context);
  } catch (thrown) {
    // This time it has not left; whether it had before is not known.
    return { is: 'failed', failure: toFailure(thrown), cost: context.cost, inDoubt: true };
  }
}

/** Without its secret nothing was sent, and nothing will be until the operator has set it. */
async function sendOrPause(
  prepared: Prepared,
  task: DeliverTask,
  context: AttemptContext,
): Promise<StepOutcome> {
  try {
    return await send(prepared, task, context);
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (failure.code !== 'secret.missing') throw thrown;
    return paused(task, prepared.request, failure);
  }
}

function paused({ step }: DeliverTask, { operation }: EffectRequest, failure: Failure): StepOutcome {
  const question = `“${operation}” was not sent. ${describeFailure(failure)}`;
  const options = [doubt.unsent, doubt.leave];
  return {
    is: 'waiting',
    input: { operation, connector: step.connector },
    wait: { for: 'answer', question, options },
  };
}

/** Throws when it has certainly not left. */
async function send(
  { effects, request }: Prepared,
  task: DeliverTask,
  context: AttemptContext,
): Promise<StepOutcome> {
  // Whoever was passed over meanwhile has left it to another process, which has asked the other side already.
  task.expectOurs();
  const answer = await effects.send(request, context.signal);
  if (answer.is === 'sent') return delivered(task, request, answer.receipt, context);
  const found = await look(effects, request, AbortSignal.timeout(task.step.timeoutMs));
  if (found.is === 'sent') return delivered(task, request, found.receipt, context);
  const unsure = effectFailures.unsure(task.step.connector, answer.why);
  if (found.is === 'unsent') throw unsure;
  if (!isIdempotent(effects, request)) return inDoubt(task, request, answer.why);
  return { is: 'failed', failure: unsure.failure, cost: context.cost, inDoubt: true };
}

interface Prepared {
  readonly effects: Effects;
  readonly request: EffectRequest;
}

/** What is needed to send. Where it may have been sent already, whatever is missing leaves it in doubt. */
async function prepare(ports: Ports, task: DeliverTask): Promise<Prepared | StepOutcome> {
  const { connector, operation } = task.step;
  try {
    const { effects } = await connectTo(ports, connector);
    if (!effects) throw connectorFailures.noEffects(connector);
    const approved = approvedEffect(task.state, task.step);
    if (!approved) throw effectFailures.nothingApproved(task.step.composedBy);
    return { effects, request: await effectRequest(ports, approved, task.step) };
  } catch (thrown) {
    if (!task.resumed) throw thrown;
    return inDoubt(task, { operation }, toFailure(thrown).message);
  }
}

/** Whoever cannot be asked leaves it in doubt: a try that fails here must not become one that does it again. */
async function look(effects: Effects, request: EffectRequest, signal: AbortSignal): Promise<Probed> {
  try {
    return await effects.probe(request, signal);
  } catch (thrown) {
    return { is: 'unknown', why: toFailure(thrown).message };
  }
}

function isIdempotent({ operations }: Effects, { operation }: EffectRequest): boolean {
  return operations[operation]?.idempotent ?? false;
}

/** A receipt is text from outside, like everything that a connector answers. */
function delivered(
  { step }: DeliverTask,
  { operation, key, with: given }: EffectRequest,
  receipt: Json,
  { cost }: AttemptContext,
): StepOutcome {
  const source = {
    id: `${step.connector}:${key}`,
    title: `Receipt of ${operation}`,
    uri: '',
    untrusted: true,
  };
  return { is: 'done', input: { operation, key, with: given }, output: { receipt }, cost, sources: [source] };
}

function inDoubt(
  { step }: DeliverTask,
  { operation, key }: Pick<EffectRequest, 'operation'> & { readonly key?: string },
  why: string,
): StepOutcome {
  const question = `Was “${operation}” done through ${step.connector}? ${why}`;
  const options = [doubt.sent, doubt.unsent, doubt.leave];
  const keyed = key === undefined ? {} : { key };
  return {
    is: 'waiting',
    input: { operation, ...keyed },
    wait: { for: 'answer', question, options, ...keyed },
  };
}
