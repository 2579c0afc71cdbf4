import type { Folding } from './folding.ts';
import type { Failure } from '../base/failure.ts';
import { toJson, type JsonObject } from '../base/json.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import { budgetChoices, type SpentBudget } from '../contracts/budget.ts';
import { doubt } from '../contracts/effect.ts';
import { handOver } from '../contracts/hand-over.ts';
import type { OccurrenceWait, RunState, SourceRef, StepState, Wait } from '../contracts/run.ts';
import type { OccurrenceRequest } from '../contracts/runs.ts';
import { watchText } from '../contracts/trigger.ts';
import { everyStep } from '../contracts/workflow.ts';
import { resetsFrom } from './resets.ts';
import { triggerScope } from './trigger-inputs.ts';

/** Steps whose waiting has come to an end: by the time, by what has happened, or because nothing did. */
export function waitMoves(state: Folding, nowMs: number): RunEvent[] {
  return [...state.steps.in('waiting')].flatMap((id) => {
    const at = state.steps.get(id);
    const wait = at && waitOf(at);
    return at && wait ? ended(state, at, wait, nowMs) : [];
  });
}

/** What a step waits for; nothing for a gate. */
export function waitOf({ status }: StepState): Wait | undefined {
  return status.is === 'waiting' && status.for !== 'decision' ? status : undefined;
}

/** The events that steps of the run wait for, now or later, those of the workflows that it calls included. */
export function knownEvents({ definition, steps }: RunState): readonly string[] {
  const written = [definition.workflow, ...Object.values(definition.workflows ?? {})];
  const all = [
    ...written.flatMap((workflow) => everyStep(workflow.steps)),
    ...[...steps.values()].map(({ step }) => step),
  ];
  const events = all.flatMap((step) =>
    step.kind === 'wait' && step.for.is === 'event' ? [step.for.event] : [],
  );
  return [...new Set(events)];
}

function ended(state: Folding, at: StepState, wait: Wait, nowMs: number): RunEvent[] {
  const isDue = wait.untilMs !== undefined && wait.untilMs <= nowMs;
  switch (wait.for) {
    case 'time':
      return isDue ? [completed(at, { until: new Date(wait.untilMs).toISOString() })] : [];
    case 'event': {
      const signal = state.signals.get(wait.event);
      if (signal) return [completed(at, { event: wait.event, text: signal.text, by: signal.by })];
      return isDue ? [expired(at, `Nothing told of “${wait.event}” in time`, wait.otherwise)] : [];
    }
    case 'occurrence': {
      const what = watchText(wait.watch);
      return isDue
        ? [
            expired(
              at,
              `${what.charAt(0).toUpperCase()}${what.slice(1)} has not come in time`,
              wait.otherwise,
            ),
          ]
        : [];
    }
    case 'answer':
      return isDue ? [expired(at, `Nobody answered “${wait.question}” in time`, wait.otherwise)] : [];
  }
}

/** What has come to the attempt that waits for it; the first ends the wait, whatever comes after it changes nothing. */
export function occurred(
  at: StepState | undefined,
  { attempt, occurrence, outside }: Pick<OccurrenceRequest, 'attempt' | 'occurrence' | 'outside'>,
): RunEvent[] {
  const wait = at && waitOf(at);
  if (wait?.for !== 'occurrence' || at?.attempts.length !== attempt) return [];
  const sources = sourcesOf(wait, { occurrence, outside });
  return [
    completed(at, triggerScope(occurrence), { input: { occurrence: toJson(occurrence), outside }, sources }),
  ];
}

/** What comes from outside stays so, whoever reads what the step answers (promise P7). */
function sourcesOf(
  { watch }: OccurrenceWait,
  { occurrence, outside }: Pick<OccurrenceRequest, 'occurrence' | 'outside'>,
): SourceRef[] {
  if (occurrence.kind === 'file') {
    const { path } = occurrence;
    return [{ id: path, title: path, uri: path, untrusted: outside }];
  }
  if (occurrence.kind !== 'connector' || watch.kind !== 'connector') return [];
  const { id, title, uri } = occurrence.item;
  return [{ id: `${watch.connector}:${id}`, title, uri, untrusted: true }];
}

/** The operator's choice; nothing where it is not asked for, or not one of the options. */
export function answered(state: RunState, at: StepState, { choice, who, attempt }: Answer): RunEvent[] {
  const wait = waitOf(at);
  if (attempt !== undefined && attempt !== at.attempts.length) return [];
  if (wait?.for !== 'answer' || !wait.options.includes(choice)) return [];
  if (wait.budget) return budgetAnswered(at.id, wait.budget, { choice, who });
  const place = { step: at.id, attempt: at.attempts.length } as const;
  if (wait.byHand && choice === handOver.leave) {
    return [{ type: 'step.skipped', ...place, data: { by: who, why: 'Taken over, and left.' } }];
  }
  if (at.step.kind === 'deliver' && choice === doubt.unsent) {
    return [{ type: 'step.retried', ...place, data: { by: who, resets: resetsFrom(state, at.id) } }];
  }
  if (at.step.kind === 'deliver' && choice === doubt.leave) {
    const isInDoubt = wait.options.includes(doubt.sent);
    const why = isInDoubt ? 'It is not known whether it was sent.' : 'It was not sent.';
    return [{ type: 'step.skipped', ...place, data: { by: who, why } }];
  }
  return [
    completed(at, { answer: choice, by: who }, wait.key === undefined ? {} : { input: { key: wait.key } }),
  ];
}

function budgetAnswered(step: string, budget: SpentBudget, { choice, who }: Answer): RunEvent[] {
  if (choice === budgetChoices.stop)
    return [{ type: 'run.stopped', data: { why: 'Its budget is spent.', by: who } }];
  const by = choice === budgetChoices.more ? { by: budget.limit } : {};
  return [{ type: 'budget.raised', data: { ...budget, step, ...by, who } }];
}

interface Answer {
  readonly attempt?: number | undefined;
  readonly choice: string;
  readonly who: string;
}

function expired(at: StepState, what: string, otherwise: string | undefined): RunEvent {
  if (otherwise !== undefined) return completed(at, { answer: otherwise, text: otherwise, by: 'expiry' });
  const failure: Failure = {
    code: 'wait.expired',
    message: `${what}.`,
    retry: 'operator',
    kept: 'Everything done so far is kept.',
    remedy: 'Retry the step to wait again, or skip it.',
  };
  return { type: 'step.failed', step: at.id, attempt: at.attempts.length, data: { failure, cost: noCost } };
}

function completed(
  at: StepState,
  output: JsonObject,
  { input = {}, sources = [] }: { readonly input?: JsonObject; readonly sources?: SourceRef[] } = {},
): RunEvent {
  const data = { input, output, cost: noCost, sources };
  return { type: 'step.completed', step: at.id, attempt: at.attempts.length, data };
}
