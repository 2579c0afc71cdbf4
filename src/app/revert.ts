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
import type { Workflow } from '../contracts/workflow.ts';

/**
 * Starts a run that proposes the inverse of what a run, or one proposal, has applied on this branch. The run
 * itself is undone like any other. Throws `run.missing`, `proposal.missing`, `proposal.empty`.
 */
export async function revert(ports: Ports, reader: RunReader, target: string): Promise<string> {
  const { name, commits } = await appliedBy(ports, reader, target);
  if (commits.length === 0) throw appFailures.nothingToRevert(name);
  const definition = {
    workflow: revertWorkflow(name, commits),
    agents: [],
    policy: await loadPolicy(ports.files),
    rules: '',
    prompts: {},
  };
  return createRun(ports, definition, { inputs: { target: name }, trigger: 'revert' });
}

/** Commits on the branch by their trailers: this finds them on another clone, where the journal is not. */
async function appliedBy(ports: Ports, reader: RunReader, target: string) {
  if (target.includes('/')) {
    const { state, proposal } = await findProposal(reader, target);
    const { status } = proposal;
    return {
      name: proposalId(state.id, proposal.n),
      commits: status.is === 'applied' ? [status.commit] : [],
    };
  }
  const run = await reader.find(target).catch((thrown: unknown) => unlessMissing(target, thrown));
  const applied = await ports.repository.withTrailer(trailerKeys.run, run);
  return { name: run, commits: applied.map(({ commit }) => commit) };
}

/** A run that is only on the branch, made on another clone, is named in full. */
function unlessMissing(target: string, thrown: unknown): string {
  if (thrown instanceof AppError && thrown.code === 'run.missing') return target;
  throw thrown;
}

function revertWorkflow(target: string, commits: readonly string[]): Workflow {
  const common = { timeoutMs: limits.stepTimeoutMs, maxAttempts: 1 };
  return {
    id: 'revert',
    name: 'Revert',
    description: `Undo what ${target} has applied.`,
    inputs: {},
    budget: {},
    permissions: { write: [] },
    steps: [
      { ...common, kind: 'revert', id: 'undo', name: 'Undo', needs: [], target, commits },
      {
        ...common,
        kind: 'gate',
        id: 'approve',
        name: 'Approve',
        needs: ['undo'],
        question: `Undo ${target}?`,
      },
    ],
  };
}
