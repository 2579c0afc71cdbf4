import type { LeftEffect } from './effects-left.ts';
import { limits } from '../base/limits.ts';
import { undoDoubt } from '../contracts/effect.ts';
import { effectName } from '../contracts/sending.ts';
import type { MapStep, Step, Workflow } from '../contracts/workflow.ts';

/** What a run, or a proposal, has done. */
export interface Done {
  readonly name: string;
  readonly commits: readonly string[];
  /** The latest first. */
  readonly effects: readonly LeftEffect[];
}

/** Names of the effects that nothing compensates: of those that have left, and of those that may have. */
export interface Lasting {
  readonly lasting: readonly string[];
  readonly doubtful: readonly string[];
}

export function lastingOf(effects: readonly LeftEffect[]): Lasting {
  const rest = effects.filter(({ sending }) => !sending.effect.compensate);
  const names = (inDoubt: boolean) =>
    rest.filter((one) => one.inDoubt === inDoubt).map(({ sending }) => effectName(sending));
  return { lasting: names(false), doubtful: names(true) };
}

const common = { timeoutMs: limits.stepTimeoutMs, maxAttempts: 3 };

/** Effects are taken back one after the other, each with a decision of its own; then the files are. */
export function revertWorkflow({ name, commits, effects }: Done): Workflow {
  const back = effects.filter(({ sending }) => sending.effect.compensate);
  const steps = back.flatMap((effect, i) => takeBack(effect, i + 1));
  const rest = restText(lastingOf(effects));
  const needs = back.length > 0 ? [`effect-${back.length}`] : [];
  const files: Step[] = [
    { ...common, kind: 'revert', id: 'undo', name: 'Undo', needs, target: name, commits },
    {
      ...common,
      kind: 'gate',
      id: 'approve',
      name: 'Approve',
      needs: ['undo'],
      question: `Undo ${name}?${rest}`,
    },
  ];
  return {
    id: 'revert',
    name: 'Revert',
    description: `Undo what ${name} has done.${rest}`,
    inputs: {},
    budget: {},
    permissions: { write: [] },
    steps: [...steps, ...(commits.length > 0 ? files : [])],
  };
}

function restText({ lasting, doubtful }: Lasting): string {
  return [
    ...(lasting.length > 0 ? [` What cannot be taken back: ${lasting.join(', ')}.`] : []),
    ...(doubtful.length > 0
      ? [` May have been sent, and cannot be taken back: ${doubtful.join(', ')}.`]
      : []),
  ].join('');
}

/** Of what is in doubt the operator is asked first. */
function takeBack(effect: LeftEffect, place: number): Step[] {
  const map = compensation(effect, place);
  if (!effect.inDoubt) return [map];
  const asked = `asked-${place}`;
  const condition = `steps.${asked}.answer == '${undoDoubt.sent}'`;
  return [question(effect, asked), { ...map, needs: [...map.needs, asked], condition }];
}

function question({ sending }: LeftEffect, id: string): Step {
  // It is a template: what braces an item has brought into a name is no part of it.
  const name = effectName(sending).replaceAll(/[{}]/g, '');
  return {
    ...common,
    kind: 'wait',
    id,
    name: `Ask about ${sending.effect.name}`,
    needs: [],
    for: {
      is: 'answer',
      question: `Was ${name} sent? If so, it is taken back.`,
      options: Object.values(undoDoubt),
    },
  };
}

/** What takes an effect back is an effect too; its texts are rendered over what was sent and the receipt. */
function compensation({ sending, receipt }: LeftEffect, place: number): MapStep {
  const { effect: sent, with: given } = sending;
  const compensate = sent.compensate ?? { operation: '', with: {} };
  const outgoing = { ...compensate, connector: sent.outgoing.connector };
  const effect: Step = { ...common, kind: 'effect', id: 'effect', name: 'Effect', needs: [], outgoing };
  return {
    ...common,
    kind: 'map',
    id: `effect-${place}`,
    name: `Take back ${sent.name}`,
    needs: place === 1 ? [] : [`effect-${place - 1}`],
    // A receipt is what another system has said.
    over: { list: [{ with: given, receipt }], untrusted: true },
    atOnce: 1,
    steps: [effect],
  };
}
