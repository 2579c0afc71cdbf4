import { effectsLeft, type LeftEffect } from './effects-left.ts';
import { findProposal } from './find-proposal.ts';
import { loadPolicy } from './load-definition.ts';
import type { Ports } from './ports.ts';
import { lastingOf, revertWorkflow, type Done, type Lasting } from './revert-workflow.ts';
import type { RunReader } from './run-reader.ts';
import { createRun } from './start-run.ts';
import { AppError } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import { trailerKeys } from '../contracts/company.ts';
import { proposalId } from '../contracts/proposal.ts';

/**
 * Starts a run that takes back what a run, or one proposal, has done: its effects outside by their `compensate`, the
 * latest first, and then the inverse of what it has applied on this branch. The run itself is undone like any other.
 * Throws `run.missing`, `proposal.missing`, `proposal.empty`.
 */
export async function revert(ports: Ports, reader: RunReader, target: string): Promise<Reverting> {
  const { name, commits, effects } = await doneBy(ports, reader, target);
  const workflow = revertWorkflow({ name, commits, effects });
  const rest = lastingOf(effects);
  if (workflow.steps.length === 0) throw appFailures.nothingToRevert(name, rest);
  const definition = {
    workflow,
    agents: [],
    policy: await loadPolicy(ports.files),
    rules: '',
    prompts: {},
  };
  const run = await createRun(ports, definition, { inputs: { target: name }, trigger: 'revert' });
  return { run, ...rest };
}

/** A run that takes back what another has done, and what it cannot take back. */
export interface Reverting extends Lasting {
  readonly run: string;
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
  return {
    name: run,
    commits: applied.map(({ commit }) => commit),
    effects: await effectsOf(ports, reader, run),
  };
}

async function effectsOf(ports: Ports, reader: RunReader, run: string): Promise<readonly LeftEffect[]> {
  try {
    return await effectsLeft(ports, (await reader.read(run)).state);
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
