import type { Json } from '../base/json.ts';
import type { RunState, StepState } from '../contracts/run.ts';
import type { EffectStep } from '../contracts/workflow.ts';

/** What a run has done outside. */
export interface DeliveredEffect {
  readonly step: EffectStep;
  /** As it was composed, and what the other side said. */
  readonly item: { readonly with: Json; readonly receipt: Json };
}

/** The effects of a run that were delivered, the latest first: the order in which they are taken back. */
export function deliveredEffects(state: RunState): readonly DeliveredEffect[] {
  return [...state.steps.values()]
    .filter(({ step, status }) => step.kind === 'deliver' && status.is === 'succeeded')
    .toSorted((a, b) => endOf(b) - endOf(a))
    .flatMap((at) => {
      const effect = state.steps.get(at.step.within?.step ?? '');
      if (effect?.step.kind !== 'effect') return [];
      const composed = state.steps.get(`${effect.id}.compose`)?.status;
      const input = composed?.is === 'succeeded' ? composed.result.input : {};
      return [{ step: effect.step, item: { with: memberOf(input, 'with'), receipt: receiptOf(at) } }];
    });
}

function endOf({ attempts }: StepState): number {
  return attempts.at(-1)?.endedAtMs ?? 0;
}

function receiptOf({ status }: StepState): Json {
  return status.is === 'succeeded' ? memberOf(status.result.output, 'receipt') : null;
}

function memberOf(value: Json, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return (value as Readonly<Record<string, Json>>)[name] ?? null;
}
