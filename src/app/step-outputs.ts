import type { Json, JsonObject } from '../base/json.ts';
import type { RunState, StepState } from '../contracts/run.ts';
import type { Part, Step } from '../contracts/workflow.ts';

/** What a step's texts may name of the other steps, by the ids that they have where the text is written. */
export interface VisibleOutputs {
  readonly all: JsonObject;
  /** Those that hold nothing from outside (promise P7). */
  readonly trusted: JsonObject;
  /** Steps that were gone on without. */
  readonly skipped: readonly string[];
}

/** The parts that a step is in, the innermost first. */
export function partsAround(state: Pick<RunState, 'steps'>, { within }: Step): readonly Part[] {
  if (!within) return [];
  const outer = state.steps.get(within.step)?.step;
  return [within.part, ...(outer ? partsAround(state, outer) : [])];
}

/** The inputs as a step sees them: of the workflow that it is written in. */
export function inputsOf(state: RunState, step: Step): JsonObject {
  return partsAround(state, step).find(({ inputs }) => inputs)?.inputs ?? state.inputs;
}

/** The steps beside a step, and around it up to the workflow that it is written in; the nearest of a name counts. */
export function outputsFor(state: RunState, step: Step): VisibleOutputs {
  const level = new Levels(state);
  const parts = partsAround(state, step);
  const boundary = parts.findIndex(({ inputs }) => inputs);
  const ids =
    boundary < 0
      ? [...parts.map(({ id }) => id), undefined]
      : parts.slice(0, boundary + 1).map(({ id }) => id);
  const outermostFirst = ids.toReversed();
  return {
    all: Object.assign({}, ...outermostFirst.map((id) => level.outputs(id, everything))) as JsonObject,
    trusted: Object.assign({}, ...outermostFirst.map((id) => level.outputs(id, trustedAlone))) as JsonObject,
    skipped: outermostFirst.flatMap((id) => level.skipped(id)),
  };
}

interface Filter {
  readonly output: (state: StepState) => boolean;
  readonly item: (part: Part) => boolean;
}

const everything: Filter = { output: () => true, item: () => true };
const trustedAlone: Filter = { output: isTrusted, item: ({ untrusted }) => !untrusted };

/** The steps of a run by the part that they belong to. */
class Levels {
  readonly #byPart = new Map<string | undefined, StepState[]>();

  constructor({ steps }: RunState) {
    for (const at of steps.values()) {
      const part = at.step.within?.part.id;
      const beside = this.#byPart.get(part) ?? [];
      beside.push(at);
      this.#byPart.set(part, beside);
    }
  }

  outputs(part: string | undefined, isWanted: Filter): JsonObject {
    const found = this.#in(part).flatMap((at): [string, Json][] => {
      if (at.parts.length > 0) return [[localId(at), this.#outputOfParts(at, isWanted)]];
      const { status } = at;
      return status.is === 'succeeded' && isWanted.output(at) ? [[localId(at), status.result.output]] : [];
    });
    return Object.fromEntries(found);
  }

  skipped(part: string | undefined): string[] {
    return this.#in(part).flatMap((at) => (at.status.is === 'skipped' ? [localId(at)] : []));
  }

  /** A map answers with its items, each with what its steps have answered; a called workflow or a plan with its steps. */
  #outputOfParts({ step, parts }: StepState, isWanted: Filter): Json {
    const of = ({ id }: Part) => ({ steps: this.outputs(id, isWanted) });
    if (step.kind !== 'map') return parts[0] ? of(parts[0]) : {};
    return {
      items: parts.map((part) => ({ item: isWanted.item(part) ? (part.item ?? null) : null, ...of(part) })),
    };
  }

  #in(part: string | undefined): readonly StepState[] {
    return this.#byPart.get(part) ?? [];
  }
}

function localId({ id, step }: StepState): string {
  return step.within?.local ?? id;
}

function isTrusted({ status }: StepState): boolean {
  return status.is === 'succeeded' && !status.result.sources.some(({ untrusted }) => untrusted);
}
