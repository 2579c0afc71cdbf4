import type { Ports } from './ports.ts';
import { proposeDraft } from './propose-draft.ts';
import { appFailures } from '../base/failures/app.ts';
import { noCost } from '../contracts/proposal.ts';
import type { RevertStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

/** Proposes the inverse of applied commits, computed against what was edited since (promise P8). */
export async function performRevert(
  ports: Ports,
  { state, step, attempt }: StepTask & { readonly step: RevertStep },
): Promise<StepOutcome> {
  const edits = await ports.repository.inverse(step.commits);
  const { target } = step;
  const proposal = await proposeDraft(ports, {
    state,
    step: step.id,
    attempt,
    agent: 'operator',
    model: 'none',
    intent: `Undo ${target}`,
    unlocks: 'The files are as they were before, with later edits kept.',
    edits,
    sources: step.commits.map((commit) => ({ id: commit, title: commit, uri: commit, untrusted: false })),
    grounding: null,
    tainted: false,
    cost: noCost,
  });
  if (!proposal) throw appFailures.nothingToRevert(target);
  const commits = [...step.commits];
  return { is: 'done', input: { commits }, output: { commits }, cost: noCost, sources: [], proposal };
}
