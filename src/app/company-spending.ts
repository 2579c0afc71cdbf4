import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { limits } from '../base/limits.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import { addCost, noCost } from '../contracts/proposal.ts';
import type { Cost } from '../contracts/proposal.ts';
import type { RunState, Wait } from '../contracts/run.ts';
import { questionOf, spentOf } from '../engine/spending.ts';

/**
 * What the operator is asked before an attempt, as the company's budget of this day or month is spent, whatever run has
 * spent it. Runs that cannot be read count for nothing. Days are those of the machine's time zone.
 */
export async function companyQuestion(
  ports: Ports,
  reader: RunReader,
  state: RunState,
  step: string,
): Promise<Wait | undefined> {
  const { day, month } = state.definition.policy.budgets;
  if (!day && !month) return undefined;
  const now = new Date(ports.clock.now());
  const dayMs = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const monthMs = new Date(now.getFullYear(), now.getMonth(), 1).getTime();
  const records = await recordsSince(reader, monthMs, state.id);
  // The run's own journal grows while it asks; all that it has spent counts, whenever that was.
  const cost = (sinceMs: number) => addCost(state.cost, costSince(records, sinceMs));
  return (
    questionOf(state, step, {
      scope: 'day',
      budget: day ?? {},
      spent: spentOf(cost(dayMs)),
      whose: 'Today the company',
    }) ??
    questionOf(state, step, {
      scope: 'month',
      budget: month ?? {},
      spent: spentOf(cost(monthMs)),
      whose: 'This month the company',
    })
  );
}

/** Records of the other runs. The newest runs count, as many as are listed anywhere. */
async function recordsSince(
  reader: RunReader,
  sinceMs: number,
  own: string,
): Promise<readonly JournalRecord[]> {
  const { readings } = await reader.readAll(limits.runsListed);
  const others = readings.filter(({ state }) => state.updatedAtMs >= sinceMs && state.id !== own);
  const whole = await Promise.all(others.map(({ state }) => reader.readWhole(state.id)));
  return whole.flatMap(({ records }) => records);
}

function costSince(records: readonly JournalRecord[], sinceMs: number): Cost {
  return records
    .filter(({ at }) => at >= sinceMs)
    .reduce((sum, { event }) => ('cost' in event.data ? addCost(sum, event.data.cost) : sum), noCost);
}
