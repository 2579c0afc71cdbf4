import { RunFold } from './fold.ts';
import type { Folding } from './folding.ts';
import { changedUnder, seesInput } from './step-basis.ts';
import { isMet, StepTable } from './step-table.ts';
import { graphOf, topologicalOrder } from './workflow-graph.ts';
import type { JsonObject } from '../base/json.ts';
import { canonicalJson } from '../base/json.ts';
import type { JournalRecord, RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Definition, ProposalState } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';

/** What becomes of a run's steps in a fork of it. */
export interface ForkPlan {
  /** Steps that keep their results. */
  readonly kept: readonly string[];
  /** Steps that are made anew, and why. */
  readonly anew: readonly { readonly step: string; readonly why: string }[];
  /** Steps that the fork has none of. */
  readonly gone: readonly string[];
  /** Steps that their parts go on carrying out, whether or not all of these are kept. */
  readonly expanded: readonly string[];
}

export interface ForkTarget {
  readonly definition: Definition;
  readonly inputs: JsonObject;
}

/** The run as it was after its first `at` records; its end is left out, since a fork goes on. */
export function checkpointOf(run: string, records: readonly JournalRecord[], at: number): Folding {
  const { state } = new RunFold(
    run,
    records.slice(0, at).filter(({ event }) => !isEnd(event)),
  );
  if (!state) throw new Error(`The run ${run} has not started`);
  return state;
}

/**
 * Which steps keep their results: those that are done at the checkpoint and rest on nothing that the target has
 * otherwise, neither by themselves nor by a step before them. A step that is carried out by others keeps these, each by
 * itself, when nothing has changed under it.
 */
export function planFork(checkpoint: Folding, target: ForkTarget): ForkPlan {
  const steps = new StepTable(target.definition.workflow.steps);
  const expanded: string[] = [];
  for (;;) {
    const { kept, reasons } = judge(checkpoint, target, steps);
    const next = [...steps.keys()].find(
      (id) => !expanded.includes(id) && isCarriedOn(checkpoint, target, { id, steps, kept }),
    );
    if (next === undefined) return planOf(checkpoint, { steps, kept, reasons, expanded });
    expanded.push(next);
    steps.expand(
      next,
      checkpoint.steps.partsOf(next).flatMap((id) => ownStep(checkpoint.steps, id) ?? []),
    );
  }
}

interface Judged {
  readonly kept: ReadonlySet<string>;
  readonly reasons: ReadonlyMap<string, string>;
}

function judge(checkpoint: Folding, target: ForkTarget, steps: StepTable): Judged {
  const kept = new Set<string>();
  const reasons = new Map<string, string>();
  for (const id of topologicalOrder(graphOf({ steps }))) {
    const step = steps.get(id)?.step;
    if (!step) continue;
    const why = whyAnew(checkpoint, target, ownStep(steps, id) ?? step) ?? whyByNeeds(step, steps, kept);
    if (why === undefined) kept.add(id);
    else reasons.set(id, why);
  }
  return { kept, reasons };
}

function planOf(
  checkpoint: Folding,
  { steps, kept, reasons, expanded }: Judged & { steps: StepTable; expanded: readonly string[] },
): ForkPlan {
  const ids = [...steps.keys()];
  return {
    kept: ids.filter((id) => kept.has(id)),
    anew: ids.flatMap((id) => {
      const why = reasons.get(id);
      return why === undefined ? [] : [{ step: id, why }];
    }),
    gone: [...checkpoint.steps.keys()].filter((id) => !steps.has(id)),
    expanded,
  };
}

interface Carrying {
  readonly id: string;
  readonly steps: StepTable;
  readonly kept: ReadonlySet<string>;
}

/** Whether the parts that carried a step out at the checkpoint carry it out in the fork. */
function isCarriedOn(checkpoint: Folding, target: ForkTarget, { id, steps, kept }: Carrying): boolean {
  const step = ownStep(steps, id);
  if (!step || checkpoint.steps.partsOf(id).length === 0) return false;
  // What was approved in the other run has not been sent by it, or it is not known: the fork asks anew.
  const isUnsent = step.kind === 'effect' && !isMet(checkpoint.steps.get(`${id}.deliver`));
  if (isUnsent) return false;
  return step.needs.every((need) => kept.has(need)) && whyOtherwise(checkpoint, target, step) === undefined;
}

/** A step without the parts that carry it out. */
function ownStep(steps: StepTable, id: string): Step | undefined {
  const parts = new Set(steps.partsOf(id));
  const step = steps.get(id)?.step;
  return step && { ...step, needs: step.needs.filter((need) => !parts.has(need)) };
}

function whyAnew(checkpoint: Folding, target: ForkTarget, step: Step): string | undefined {
  if (!checkpoint.steps.has(step.id)) return 'it is new';
  if (!isMet(checkpoint.steps.get(step.id))) return 'it was not done';
  const otherwise = whyOtherwise(checkpoint, target, step);
  if (otherwise !== undefined) return otherwise;
  const fates = [...checkpoint.proposals.values()].filter((one) => one.step === step.id);
  if (fates.some(({ status }) => status.is === 'rejected')) return 'its work was rejected';
  return fates.some(({ status }) => status.is === 'revising') ? 'its work was sent back' : undefined;
}

/** What a step rests on that the target has otherwise. */
function whyOtherwise(checkpoint: Folding, target: ForkTarget, step: Step): string | undefined {
  const before = ownStep(checkpoint.steps, step.id);
  if (!before) return 'it is new';
  const what = changedUnder(
    { definition: checkpoint.definition, step: before },
    { definition: target.definition, step },
  );
  if (what !== undefined) return `${what} has changed`;
  const input = changedInputs(checkpoint.inputs, target.inputs).find((name) => seesInput(step, name));
  return input === undefined ? undefined : `the input “${input}” has changed`;
}

function whyByNeeds(step: Step, steps: StepTable, kept: ReadonlySet<string>): string | undefined {
  const need = step.needs.find((id) => !kept.has(id));
  return need === undefined ? undefined : `it needs “${steps.get(need)?.step.name ?? need}”`;
}

/** An input that the run did not have is no change: what uses it has changed itself. */
function changedInputs(before: JsonObject, after: JsonObject): string[] {
  return Object.keys(before).filter((name) => {
    const [was, is] = [before[name], after[name]];
    return was !== undefined && (is === undefined || canonicalJson(was) !== canonicalJson(is));
  });
}

/**
 * What a fork takes over of the records up to its checkpoint: all that happened to the steps that it keeps, at no cost,
 * and what was applied of their work. Work that was not applied yet is open again: nobody has decided on it in the fork.
 */
export function takenOver(
  records: readonly JournalRecord[],
  checkpoint: Folding,
  { kept, expanded }: Pick<ForkPlan, 'kept' | 'expanded'>,
): readonly RunEvent[] {
  const keeps = new Set(kept);
  const grows = new Set(expanded);
  const before = records.filter(({ n }) => n <= checkpoint.at);
  const skipped = new Set(
    before.flatMap(({ event }) => (event.type === 'apply.skipped' ? [event.data.n] : [])),
  );
  const isSettled = ({ n, status }: ProposalState) =>
    status.is === 'applied' || (status.is === 'withdrawn' && skipped.has(n));
  return before.flatMap(({ event }): RunEvent[] => {
    if ('step' in event && event.step !== undefined) {
      const expands = grows.has(event.step) && growth.has(event.type);
      return keeps.has(event.step) || expands ? [withoutCost(event)] : [];
    }
    const proposal = 'n' in event.data ? checkpoint.proposals.get(event.data.n) : undefined;
    if (!proposal || !keeps.has(proposal.step)) return [];
    const isRequest = event.type === 'decision.made' && event.data.verdict === 'changes';
    const isOutcome =
      event.type === 'decision.made' ||
      event.type === 'apply.started' ||
      event.type === 'apply.completed' ||
      event.type === 'apply.skipped';
    return isRequest || (isOutcome && isSettled(proposal)) ? [event] : [];
  });
}

/** How a step comes to be carried out by others. */
const growth: ReadonlySet<RunEvent['type']> = new Set(['step.started', 'step.expanded']);

/** What it cost was spent by another run. */
function withoutCost(event: RunEvent): RunEvent {
  if (event.type === 'step.completed') return { ...event, data: { ...event.data, cost: noCost } };
  if (event.type === 'step.failed') return { ...event, data: { ...event.data, cost: noCost } };
  if (event.type === 'step.sent-back') return { ...event, data: { ...event.data, cost: noCost } };
  return event;
}

function isEnd({ type }: RunEvent): boolean {
  return type === 'run.completed' || type === 'run.failed' || type === 'run.stopped';
}
