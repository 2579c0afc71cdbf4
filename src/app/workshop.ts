import { AttemptContext } from './attempt-context.ts';
import { performAgentStep } from './perform-agent-step.ts';
import { performCheck } from './perform-check.ts';
import { performCompose } from './perform-compose.ts';
import { performConnectorStep } from './perform-connector-step.ts';
import { performDeliver } from './perform-deliver.ts';
import { performMap } from './perform-map.ts';
import { performPlan } from './perform-plan.ts';
import { performWait } from './perform-wait.ts';
import { performWatch } from './perform-watch.ts';
import { performRevert } from './perform-revert.ts';
import { performWorkflow } from './perform-workflow.ts';
import { CompanyLedger } from './company-ledger.ts';
import { companyQuestion, reserveFor } from './company-spending.ts';
import type { Ports } from './ports.ts';
import { RunReader } from './run-reader.ts';
import { measuredVersion } from './measured-version.ts';
import { StepScope } from './step-scope.ts';
import { agentIdentity } from './propose-draft.ts';
import { toFailure } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import { approvedVersion } from '../engine/application.ts';
import type { StepOutcome, StepTask, Workshop } from '../engine/ports.ts';
import type { StepKind } from '../contracts/workflow.ts';
import { decidePolicy, type PolicyRequest } from '../policy/evaluate.ts';
import { commitMessage } from '../review/trailers.ts';

/** The world as the engine sees it: attempts are made, policy is asked, proposals are applied. */
export function createWorkshop(ports: Ports, ledger = new CompanyLedger(ports.runs)): Workshop {
  const world = { ports, ledger, reader: new RunReader(ports.runs) };
  return {
    perform: (task, signal) => performInTime(world, task, signal),
    askPolicy,
    prepareApply: (state, proposal) => prepareApply(ports, state, proposal),
    completeApply: (prepared) => ports.repository.completeApply(prepared),
    recoverApply: (prepared) => ports.repository.recoverApply(prepared),
  };
}

/** What the run's policy says of a proposal; pure, so that it is the same whenever it is asked. */
export const askPolicy: Workshop['askPolicy'] = (state, proposal) =>
  decidePolicy(state.definition.policy, policyRequest(state, proposal));

interface World {
  readonly ports: Ports;
  readonly reader: RunReader;
  /** What all runs have spent, and what attempts of this process may; the same for all that it executes. */
  readonly ledger: CompanyLedger;
}

async function performInTime(world: World, task: StepTask, signal: AbortSignal): Promise<StepOutcome> {
  const { timeoutMs, name } = task.step;
  const timeout = AbortSignal.timeout(timeoutMs);
  const context = new AttemptContext(AbortSignal.any([signal, timeout]));
  try {
    return await perform(world, task, context);
  } catch (thrown) {
    const late = timeout.aborted && !signal.aborted;
    const failure = toFailure(late ? appFailures.timedOut(name, timeoutMs / 60_000) : thrown);
    return { is: 'failed', failure, cost: context.cost };
  } finally {
    // An interrupted attempt leaves no outcome.
    world.ledger.settle(task.attempt.key, signal.aborted ? undefined : context.cost);
  }
}

async function perform(
  { ports, reader, ledger }: World,
  task: StepTask,
  context: AttemptContext,
): Promise<StepOutcome> {
  const { state, step } = task;
  // What may have been sent is looked for first, whatever else is to be asked.
  const asked = step.kind === 'deliver' ? undefined : await companyQuestion(ports, ledger, state, step.id);
  if (asked) return { is: 'waiting', input: {}, wait: asked };
  reserveFor(ledger, task);
  const { condition } = step;
  if (condition !== undefined && !new StepScope(state, step).holds(condition))
    return { is: 'left-out', why: `“${condition}” does not hold.` };
  switch (step.kind) {
    case 'agent':
      return performAgentStep(ports, { ...task, step }, context);
    case 'connector':
      return performConnectorStep(ports, { ...task, step });
    case 'check':
      return performCheck(ports, { ...task, step }, context);
    case 'revert':
      return performRevert(ports, { ...task, step });
    case 'map':
      return performMap(ports, { ...task, step });
    case 'workflow':
      return performWorkflow({ ...task, step });
    case 'plan':
      return performPlan(ports, { ...task, step });
    case 'effect':
      return { is: 'expanded', input: { ...step.outgoing.with }, parts: [{ id: step.id }] };
    case 'compose':
      return performCompose(ports, { ...task, step }, context);
    case 'deliver':
      return performDeliver(ports, { ...task, step }, context);
    case 'wait':
      return step.for.is === 'occurrence'
        ? performWatch({ ports, reader }, { ...task, step }, step.for)
        : performWait({ ...task, step }, step.for, ports.clock.now());
    case 'gate':
      throw new Error(`A gate is never performed: ${step.id}`);
  }
}

function policyRequest(state: RunState, proposal: ProposalState) {
  const version = measuredVersion(state, proposal);
  const step = state.steps.get(proposal.step)?.step;
  return {
    workflow: state.definition.workflow.id,
    agent: version.agent,
    kind: kindOf(
      step?.kind,
      version.files.map(({ path }) => path),
    ),
    ...(step?.kind === 'compose'
      ? { connector: step.outgoing.connector, operation: step.outgoing.operation }
      : {}),
    paths: version.files.flatMap(({ path, from }) => (from ? [path, from] : [path])),
    risk: version.risk.level,
    confidence: version.confidence.value,
    costUsd: version.cost.usd,
    tainted: version.tainted,
  };
}

function kindOf(step: StepKind | undefined, paths: readonly string[]): PolicyRequest['kind'] {
  if (step === 'revert') return 'revert';
  if (step === 'compose') return 'effect';
  return paths.every((path) => path.startsWith('memory/')) ? 'memory' : 'files';
}

/** Only the version that the decision names is applied (promise P4). */
async function prepareApply(ports: Ports, state: RunState, proposal: ProposalState) {
  const version = approvedVersion(proposal);
  const { status } = proposal;
  const message = commitMessage({
    run: state.id,
    step: proposal.step,
    proposal: measuredVersion(state, proposal, version),
    decision: 'decision' in status ? status.decision : undefined,
  });
  const author = agentIdentity(state, version.agent);
  return ports.repository.prepareApply({ commit: version.commit, base: version.base, message, author });
}
