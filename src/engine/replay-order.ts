import { eventsOf } from './orders.ts';
import { isObject } from '../base/json.ts';
import { budgetChoices } from '../contracts/budget.ts';
import { doubt } from '../contracts/effect.ts';
import { handOver } from '../contracts/hand-over.ts';
import type { RunEvent, RunEventOf } from '../contracts/journal.ts';
import type { Verdict } from '../contracts/proposal.ts';
import type { RunState } from '../contracts/run.ts';
import type { RunOrder } from '../contracts/runs.ts';
import { occurrenceSchema } from '../contracts/trigger.ts';

type Fits = (events: readonly RunEvent[]) => boolean;

/**
 * The operator's order that a record tells of; nothing for a record that follows from no order. Of those that it may
 * have been, the one that leads to what was recorded.
 */
export function orderBehind(state: RunState, event: RunEvent, fits: Fits): RunOrder | undefined {
  const orders = ordersBehind(state, event);
  const leadsThere = (order: RunOrder) => {
    const events = eventsOf(state, order);
    return events.length > 0 && fits(events);
  };
  return orders.find(leadsThere) ?? orders[0];
}

const id = 'replay';

function ordersBehind(state: RunState, event: RunEvent): RunOrder[] {
  switch (event.type) {
    case 'decision.made': {
      const { by, ...decision } = event.data;
      return by === 'operator' ? [{ kind: 'decide', id, ...decision }] : [];
    }
    case 'decision.refused':
      return refusedOrders(state, event);
    case 'step.retried': {
      const { by: who, with: edits } = event.data;
      return [
        { kind: 'retry', id, who },
        { kind: 'retry', id, who, step: event.step, ...(edits ? { with: edits } : {}) },
        { kind: 'answer', id, who, step: event.step, choice: doubt.unsent },
      ];
    }
    case 'step.skipped': {
      const { by: who, why } = event.data;
      if (who === 'workflow') return [];
      const { step } = event;
      return [
        { kind: 'skip', id, who, step, why },
        { kind: 'answer', id, who, step, choice: doubt.leave },
        { kind: 'answer', id, who, step, choice: handOver.leave },
      ];
    }
    case 'step.completed':
      return answersBehind(event);
    case 'step.waiting': {
      const { input, wait } = event.data;
      const who = isObject(input) && typeof input.by === 'string' ? input.by : '';
      return wait.for === 'answer' && wait.byHand ? [{ kind: 'take', id, who, step: event.step }] : [];
    }
    case 'budget.raised': {
      const { who, step, by } = event.data;
      const choice = by === undefined ? budgetChoices.unlimited : budgetChoices.more;
      return [{ kind: 'answer', id, who, step, choice }];
    }
    case 'signal.received': {
      const { by: who, ...signal } = event.data;
      return [{ kind: 'signal', id, who, ...signal }];
    }
    case 'run.stopped': {
      const { by: who, why } = event.data;
      // A rejection ends the run in the name of the role; an order is somebody's.
      return who === 'operator' ? [] : [{ kind: 'stop', id, who, why }];
    }
    default:
      return [];
  }
}

/** A step that waits for the operator's choice is done by it, one that waits for a file or an item by that. */
function answersBehind({ step, attempt, data: { input, output } }: RunEventOf<'step.completed'>): RunOrder[] {
  if (!isObject(output)) return [];
  const occurrence = occurrenceSchema.safeParse(isObject(input) ? input.occurrence : undefined).data;
  if (occurrence) {
    const outside = isObject(input) && input.outside === true;
    return [{ kind: 'occur', id, who: '', step, attempt, occurrence, outside }];
  }
  const { answer, by } = output;
  return typeof answer === 'string' && typeof by === 'string' && by !== 'expiry'
    ? [{ kind: 'answer', id, who: by, step, choice: answer }]
    : [];
}

const verdicts: readonly Verdict[] = ['approve', 'changes', 'reject'];

/** What was refused is not recorded whole: neither its verdict nor the commit that it was about. */
function refusedOrders(state: RunState, { data }: RunEventOf<'decision.refused'>): RunOrder[] {
  const { n, version } = data;
  const named = state.proposals.get(n)?.versions.find((one) => one.version === version)?.commit;
  const commits = named === undefined ? [''] : [named, ''];
  return commits.flatMap((commit) =>
    verdicts.map((verdict) => ({ kind: 'decide', id, n, version, commit, verdict, who: '' }) as const),
  );
}
