import type { GateOpening, OccurrenceWait, RunState, StepState } from '../contracts/run.ts';
import type { RunWait, StepWait } from '../protocol/waits.ts';

/** What a step waits for; nothing while it does not. */
export function waitOfStep(
  { gates, proposals }: Pick<RunState, 'gates' | 'proposals'>,
  at: StepState,
): StepWait | undefined {
  const { status, id } = at;
  if (status.is === 'retrying') {
    const why = at.attempts.at(-1)?.failure?.message;
    return { for: 'retry', untilMs: status.atMs, ...(why === undefined ? {} : { why }) };
  }
  if (status.is !== 'waiting') return undefined;
  if (status.for !== 'decision') {
    const { is: _, ...wait } = status;
    return wait.for === 'occurrence' ? withoutKnown(wait) : wait;
  }
  const gate = gates.get(id);
  const { question = '', untilMs } = gate ?? {};
  const otherwise = gate && byDefault(proposals, gate);
  return {
    for: 'decision',
    question,
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

/** What was there before is nothing that people look at, and may be thousands. */
function withoutKnown(wait: OccurrenceWait): StepWait {
  const { known: _, ...shown } = wait;
  return shown;
}

/** What becomes of a gate's proposals in the end; what rests on text from outside is not approved by default. */
function byDefault(proposals: RunState['proposals'], gate: GateOpening): GateOpening['otherwise'] {
  const isTainted = gate.proposals.some((n) => proposals.get(n)?.versions.at(-1)?.tainted);
  return gate.otherwise === 'approve' && isTainted ? undefined : gate.otherwise;
}

const urgency: Readonly<Record<StepWait['for'], number>> = {
  decision: 0,
  answer: 1,
  event: 2,
  occurrence: 3,
  time: 4,
  retry: 5,
};

/** What a run's steps wait for; what asks for the operator comes first. A run that is over waits for nothing. */
export function runWaits(state: RunState): readonly RunWait[] {
  if (state.status.is !== 'running' && state.status.is !== 'waiting') return [];
  return [...state.steps.values()]
    .flatMap((at): RunWait[] => {
      const wait = waitOfStep(state, at);
      if (!wait) return [];
      const attempt = wait.for === 'answer' ? { attempt: at.attempts.length } : {};
      return [{ step: at.id, name: at.step.name, ...attempt, wait }];
    })
    .toSorted((a, b) => urgency[a.wait.for] - urgency[b.wait.for]);
}

/** Steps that come next: everything before them is done, or under way. A run that is over has none. */
export function nextSteps(state: RunState): readonly StepState[] {
  if (state.status.is === 'succeeded' || state.status.is === 'stopped') return [];
  const isLed = (id: string): boolean => {
    const at = state.steps.get(id);
    if (!at || at.status.is === 'pending') return false;
    return at.status.is !== 'expanded' || at.step.needs.every(isLed);
  };
  return [...state.steps.values()].filter(
    ({ status, step }) => status.is === 'pending' && step.needs.every(isLed),
  );
}
