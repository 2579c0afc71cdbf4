import { deliveredEffects, type DeliveredEffect } from './delivered-effects.ts';
import { findProposal } from './find-proposal.ts';
import { loadPolicy } from './load-definition.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { createRun } from './start-run.ts';
import { AppError } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import { limits } from '../base/limits.ts';
import { trailerKeys } from '../contracts/company.ts';
import { proposalId } from '../contracts/proposal.ts';
import type { Step, Workflow } from '../contracts/workflow.ts';

/**
 * Starts a run that takes back what a run, or one proposal, has done: its effects outside by their `compensate`, the
 * latest first, and then the inverse of what it has applied on this branch. The run itself is undone like any other.
 * Throws `run.missing`, `proposal.missing`, `proposal.empty`.
 */
export async function revert(ports: Ports, reader: RunReader, target: string): Promise<Reverting> {
  const { name, commits, effects } = await doneBy(ports, reader, target);
  const workflow = revertWorkflow({ name, commits, effects });
  if (workflow.steps.length === 0) throw appFailures.nothingToRevert(name, effects.map(nameOfEffect));
  const definition = {
    workflow,
    agents: [],
    policy: await loadPolicy(ports.files),
    rules: '',
    prompts: {},
  };
  const run = await createRun(ports, definition, { inputs: { target: name }, trigger: 'revert' });
  return { run, lasting: lastingOf(effects) };
}

/** A run that takes back what another has done. */
export interface Reverting {
  readonly run: string;
  /** Effects that nothing compensates, for people. */
  readonly lasting: readonly string[];
}

interface Done {
  readonly name: string;
  readonly commits: readonly string[];
  readonly effects: readonly DeliveredEffect[];
}

/** Commits on the branch by their trailers: this finds them on another clone, where the journal is not. */
async function doneBy(ports: Ports, reader: RunReader, target: string): Promise<Done> {
  if (target.includes('/')) {
    const { state, proposal } = await findProposal(reader, target);
    const { status } = proposal;
    return {
      name: proposalId(state.id, proposal.n),
      commits: status.is === 'applied' ? [status.commit] : [],
      effects: [],
    };
  }
  const run = await reader.find(target).catch((thrown: unknown) => unlessMissing(target, thrown));
  const applied = await ports.repository.withTrailer(trailerKeys.run, run);
  return { name: run, commits: applied.map(({ commit }) => commit), effects: await effectsOf(reader, run) };
}

async function effectsOf(reader: RunReader, run: string): Promise<readonly DeliveredEffect[]> {
  try {
    return deliveredEffects((await reader.read(run)).state);
  } catch (thrown) {
    unlessMissing(run, thrown);
    return [];
  }
}

/** A run that is only on the branch, made on another clone, is named in full. */
function unlessMissing(target: string, thrown: unknown): string {
  if (thrown instanceof AppError && thrown.code === 'run.missing') return target;
  throw thrown;
}

const common = { timeoutMs: limits.stepTimeoutMs, maxAttempts: 3 };

/** Effects are taken back one after the other, each with a decision of its own; then the files are. */
function revertWorkflow({ name, commits, effects }: Done): Workflow {
  const back = effects.flatMap((effect) => (effect.step.compensate ? [effect] : []));
  const steps = back.map((effect, i) => takeBack(effect, i + 1));
  const lasting = lastingOf(effects);
  const rest = lasting.length > 0 ? ` What cannot be taken back: ${lasting.join(', ')}.` : '';
  const needs = steps.length > 0 ? [`effect-${steps.length}`] : [];
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

/** What takes an effect back is an effect too; its texts are rendered over what was sent and the receipt. */
function takeBack({ step, item }: DeliveredEffect, place: number): Step {
  const compensate = step.compensate ?? { operation: '', with: {} };
  const outgoing = { ...compensate, connector: step.outgoing.connector };
  const effect: Step = { ...common, kind: 'effect', id: 'effect', name: 'Effect', needs: [], outgoing };
  return {
    ...common,
    kind: 'map',
    id: `effect-${place}`,
    name: `Take back ${step.name}`,
    needs: place === 1 ? [] : [`effect-${place - 1}`],
    // A receipt is what another system has said.
    over: { list: [item], untrusted: true },
    atOnce: 1,
    steps: [effect],
  };
}

function lastingOf(effects: readonly DeliveredEffect[]): readonly string[] {
  return effects.filter(({ step }) => !step.compensate).map(nameOfEffect);
}

function nameOfEffect({ step }: DeliveredEffect): string {
  return `${step.name} (${step.outgoing.operation} through ${step.outgoing.connector})`;
}
