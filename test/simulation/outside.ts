import { budgetChoices } from '../../src/contracts/budget.ts';
import { handOver } from '../../src/contracts/hand-over.ts';
import { doubt } from '../../src/contracts/effect.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { RunState } from '../../src/contracts/run.ts';
import { approvedEffect, mayHaveLeft } from '../../src/engine/approved-effect.ts';
import type { StepOutcome, StepTask } from '../../src/engine/ports.ts';

/** The world outside: it can be asked about a key, takes a key once, or neither, as the operation is called. */
export function deliver(
  outside: string[],
  { state, step, attempt, resumed, expectOurs }: StepTask,
  operation: string,
): StepOutcome {
  if (state.steps.get(composedBy(step.id))?.status.is === 'skipped') {
    return { is: 'left-out', why: 'Nothing was composed.' };
  }
  const key = keyOf(state, step.id);
  if (key === undefined) {
    const failure = { code: 'proposal.missing', message: 'Nothing to send', retry: 'operator' } as const;
    return { is: 'failed', failure, cost: noCost };
  }
  const sent: StepOutcome = {
    is: 'done',
    input: { key },
    output: { receipt: key },
    cost: noCost,
    sources: [],
  };
  if (state.delivered.has(key)) return sent;
  const sending = { step: step.id, attempt: attempt.number, key };
  const isDoubtful = resumed || mayHaveLeft(state, sending);
  if (isDoubtful && operation === 'ask') {
    const options = Object.values(doubt);
    return { is: 'waiting', input: {}, wait: { for: 'answer', question: 'Was it sent?', options, key } };
  }
  if (isDoubtful && operation === 'probed' && outside.includes(key)) return sent;
  if (operation === 'idempotent' && outside.includes(key)) return sent;
  expectOurs();
  if (outside.includes(key)) throw new Error(`${key} was sent twice`);
  outside.push(key);
  return sent;
}

/** What the operator says: whether it happened, where that is in doubt. */
export function choiceOf(outside: readonly string[], state: RunState, step: string): string {
  const at = state.steps.get(step);
  const isBudget = at?.status.is === 'waiting' && at.status.for === 'answer' && at.status.budget;
  if (isBudget) return budgetChoices.more;
  if (at?.status.is === 'waiting' && at.status.for === 'answer' && at.status.byHand) return handOver.done;
  if (at?.step.kind !== 'deliver') return 'a';
  return outside.includes(keyOf(state, step) ?? '') ? doubt.sent : doubt.unsent;
}

/** One key for each version that was applied; nothing when nothing is left that could be. */
function keyOf(state: RunState, step: string): string | undefined {
  const { proposals, steps } = state;
  const own = [...proposals.values()].filter((proposal) => proposal.step === composedBy(step));
  const deliver = steps.get(step)?.step;
  const approved = deliver?.kind === 'deliver' ? approvedEffect(state, deliver) : undefined;
  if (approved) return approved.key;
  if (own.every(({ status }) => status.is === 'withdrawn')) return undefined;
  throw new Error(`${step} sends what nobody approved`);
}

function composedBy(deliver: string): string {
  return deliver.replace(/deliver$/, 'compose');
}
