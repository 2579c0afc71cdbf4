import { doubt } from '../../src/contracts/effect.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { RunState } from '../../src/contracts/run.ts';
import type { StepOutcome, StepTask } from '../../src/engine/ports.ts';

/** The world outside: it can be asked about a key, takes a key once, or neither, as the operation is called. */
export function deliver(
  outside: string[],
  { state, step, resumed }: StepTask,
  operation: string,
): StepOutcome {
  if (state.steps.get(step.id.replace(/deliver$/, 'compose'))?.status.is === 'skipped') {
    return { is: 'left-out', why: 'Nothing was composed.' };
  }
  const key = keyOf(state, step.id);
  const sent: StepOutcome = { is: 'done', input: {}, output: { key }, cost: noCost, sources: [] };
  if (resumed && operation === 'ask') {
    const options = Object.values(doubt);
    return { is: 'waiting', input: {}, wait: { for: 'answer', question: 'Was it sent?', options } };
  }
  if (resumed && operation === 'probed' && outside.includes(key)) return sent;
  if (operation === 'idempotent' && outside.includes(key)) return sent;
  outside.push(key);
  return sent;
}

/** What the operator says: whether it happened, where that is in doubt. */
export function choiceOf(outside: readonly string[], state: RunState, step: string): string {
  if (state.steps.get(step)?.step.kind !== 'deliver') return 'a';
  return outside.includes(keyOf(state, step)) ? doubt.sent : doubt.unsent;
}

/** One key for each version that was approved. */
function keyOf({ proposals }: RunState, step: string): string {
  const composed = step.replace(/deliver$/, 'compose');
  const applied = [...proposals.values()].findLast(
    (proposal) => proposal.step === composed && proposal.status.is === 'applied',
  );
  if (applied?.status.is !== 'applied') throw new Error(`${step} sends what nobody approved`);
  return `${step} ${applied.versions.length}`;
}
