import type { AttemptContext } from './attempt-context.ts';
import { connectTo } from './read-connector.ts';
import type { Ports } from './ports.ts';
import { parseOutboxFile } from '../agents/outbox-file.ts';
import { appFailures } from '../base/failures/app.ts';
import { toFailure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';
import { effectFailures } from '../base/failures/effects.ts';
import { connectorFailures } from '../base/failures/connectors.ts';
import { doubt, type EffectRequest, type Effects, type Probed } from '../contracts/effect.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import type { DeliverStep } from '../contracts/workflow.ts';
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
  const receipt = task.state.delivered.get(request.key);
  // Work before it was made anew and came to the same: one decision does it once.
  if (receipt !== undefined) return delivered(task, request, receipt, context);
  if (task.resumed || task.state.doubts.get(task.step.id) === request.key) {
    const found = await look(effects, request, context.signal);
    if (found.is === 'sent') return delivered(task, request, found.receipt, context);
    if (found.is === 'unknown' && !isIdempotent(effects, request)) return inDoubt(task, request, found.why);
  }
  // Whoever was passed over meanwhile has left it to another process, which has asked the other side already.
  task.expectOurs();
  const answer = await effects.send(request, context.signal);
  if (answer.is === 'sent') return delivered(task, request, answer.receipt, context);
  const found = await look(effects, request, AbortSignal.timeout(task.step.timeoutMs));
  if (found.is === 'sent') return delivered(task, request, found.receipt, context);
  if (found.is === 'unsent' || isIdempotent(effects, request))
    throw effectFailures.unsure(task.step.connector, answer.why);
  return inDoubt(task, request, answer.why);
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
    return { effects, request: await approvedRequest(ports, task) };
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

/** What was approved, from the commit that was applied: later edits of the file are not what was decided (promise P4). */
async function approvedRequest(ports: Ports, { state, step }: DeliverTask): Promise<EffectRequest> {
  const { commit, path } = appliedBy(state, step);
  const bytes = await ports.repository.read(commit, path);
  if (!bytes) throw appFailures.fileMissing(path);
  const { connector, operation, ...rest } = parseOutboxFile(new TextDecoder().decode(bytes), path);
  if (connector !== step.connector || operation !== step.operation) {
    throw effectFailures.changed(path, step.connector, step.operation);
  }
  return { ...rest, operation, key: `${state.id}/${step.within?.step ?? step.id}/${commit.slice(0, 16)}` };
}

function appliedBy(state: RunState, { composedBy }: DeliverStep): { commit: string; path: string } {
  const applied = [...state.proposals.values()].findLast(
    (proposal) => proposal.step === composedBy && proposal.status.is === 'applied',
  );
  const path = applied?.versions.at(-1)?.files[0]?.path;
  const commit = applied && commitOf(applied);
  if (commit === undefined || path === undefined) throw effectFailures.nothingApproved(composedBy);
  return { commit, path };
}

function commitOf({ status }: ProposalState): string | undefined {
  return status.is === 'applied' ? status.commit : undefined;
}

/** A receipt is text from outside, like everything that a connector answers. */
function delivered(
  { step }: DeliverTask,
  { operation, key }: EffectRequest,
  receipt: Json,
  { cost }: AttemptContext,
): StepOutcome {
  const source = {
    id: `${step.connector}:${key}`,
    title: `Receipt of ${operation}`,
    uri: '',
    untrusted: true,
  };
  return { is: 'done', input: { operation, key }, output: { receipt }, cost, sources: [source] };
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
