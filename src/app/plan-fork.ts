import type { ForkOutline, ForkRequest } from './cairn.ts';
import { loadDefinition } from './load-definition.ts';
import type { Ports } from './ports.ts';
import { readInputs } from './read-inputs.ts';
import type { RunReader, WholeReading } from './run-reader.ts';
import { forkFailures } from '../base/failures/forks.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import { proposalId } from '../contracts/proposal.ts';
import type { ProposalState } from '../contracts/run.ts';
import { effectName, effectsDelivered, effectsInDoubt } from '../contracts/sending.ts';
import type { Sending } from '../contracts/sending.ts';
import { checkpointOf, planFork } from '../engine/fork.ts';
import type { ForkTarget } from '../engine/fork.ts';
import type { Folding } from '../engine/folding.ts';

/** A fork that could be made now: nothing of it is written yet. */
export interface ForkDraft {
  readonly outline: ForkOutline;
  readonly target: ForkTarget;
  readonly records: readonly JournalRecord[];
  readonly checkpoint: Folding;
}

/** Says what a fork would keep. Throws `usage`, `run.missing`, `input.invalid`, and what a definition that is broken throws. */
export async function draftFork(ports: Ports, reader: RunReader, request: ForkRequest): Promise<ForkDraft> {
  const reading = await reader.readWhole(request.run);
  const { state, records } = reading;
  const checkpoint = checkpointOf(state.id, records, checkpointRecord(reading, request));
  const target = await targetOf(ports, state, request);
  // What a run needs of the repository is missed now rather than when it is begun.
  await ports.repository.head();
  return { outline: outlineOf(state, checkpoint, target), target, records, checkpoint };
}

/** The last record that counts: that of a step's end, the one that was named, or the newest. */
function checkpointRecord({ state, records }: WholeReading, { after, at }: ForkRequest): number {
  if (after !== undefined && at !== undefined) throw forkFailures.twoCheckpoints();
  if (after !== undefined) return endOf(state, records, after);
  const last = records.at(-1)?.n ?? 0;
  if (at !== undefined && (!Number.isInteger(at) || at < 1 || at > last))
    throw forkFailures.noSuchRecord(state.id, at, last);
  return at ?? last;
}

/** The record by which a step was done; the last one, if it was done several times. */
function endOf(state: Folding, records: readonly JournalRecord[], step: string): number {
  const ended = records.filter(
    ({ event }) => event.type === 'step.completed' || event.type === 'step.skipped',
  );
  const stepOf = ({ event }: JournalRecord) => ('step' in event ? event.step : '');
  const done = [...new Set(ended.map(stepOf))];
  const end = ended.findLast((record) => stepOf(record) === step);
  if (!state.steps.has(step)) throw forkFailures.noSuchStep(state.id, step, done);
  if (!end) throw forkFailures.stepNotDone(state.id, step, done);
  return end.n;
}

async function targetOf(
  ports: Ports,
  state: Folding,
  { definition, inputs }: ForkRequest,
): Promise<ForkTarget> {
  const isPinned = definition === 'pinned';
  // What Cairn itself has started, an undo for instance, declares none of its inputs.
  if (isPinned && Object.keys(inputs).length === 0)
    return { definition: state.definition, inputs: state.inputs };
  const { workflow } = state.definition;
  const next = isPinned ? state.definition : await loadDefinition(ports.files, workflow.id);
  const known: JsonObject = Object.fromEntries(
    Object.entries(state.inputs).filter(([name]) => name in next.workflow.inputs),
  );
  return { definition: next, inputs: readInputs(next.workflow, { ...known, ...inputs }) };
}

function outlineOf(state: Folding, checkpoint: Folding, target: ForkTarget): ForkOutline {
  const { kept, anew, gone, expanded } = planFork(checkpoint, target);
  const { steps } = target.definition.workflow;
  const nameOf = (id: string) =>
    (steps.find((step) => step.id === id) ?? checkpoint.steps.get(id)?.step)?.name ?? id;
  const carried = [...checkpoint.proposals.values()].filter(({ step }) => kept.includes(step));
  const applied = carried.flatMap((proposal) => commitOf(state.id, proposal));
  const facts = new Set(applied.map(({ proposal }) => proposal));
  const builtOn = new Set(kept.flatMap((id) => deliveredBy(checkpoint, id) ?? []));
  const all = [...state.proposals.values()].flatMap((proposal) => commitOf(state.id, proposal));
  return {
    from: state.id,
    at: checkpoint.at,
    kept: kept.map((step) => ({ step, name: nameOf(step) })),
    expanded,
    anew: anew.map(({ step, why }) => ({ step, name: nameOf(step), why })),
    gone: gone.map((step) => ({ step, name: nameOf(step) })),
    applied,
    beyond: all.filter(({ proposal }) => !facts.has(proposal)),
    sent: effectsDelivered(state)
      .filter(({ key }) => !builtOn.has(key))
      .map(named),
    inDoubt: effectsInDoubt(state).map(named),
  };
}

/** The key of what a step of the checkpoint has delivered. */
function deliveredBy({ steps }: Folding, id: string): string | undefined {
  const at = steps.get(id);
  if (at?.step.kind !== 'deliver' || at.status.is !== 'succeeded') return undefined;
  const { input } = at.status.result;
  return isObject(input) && typeof input.key === 'string' ? input.key : undefined;
}

function named(sending: Sending) {
  return { step: sending.step, effect: effectName(sending) };
}

function commitOf(run: string, { n, status }: ProposalState) {
  return status.is === 'applied' ? [{ proposal: proposalId(run, n), commit: status.commit }] : [];
}
