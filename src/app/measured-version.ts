import type { Judgement } from '../contracts/agent.ts';
import type { Finding } from '../contracts/check.ts';
import type { ProposalVersion } from '../contracts/proposal.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import { current } from '../engine/gates.ts';
import { graphOf, upstream } from '../engine/workflow-graph.ts';
import { checksPassed, confidenceOf } from '../review/confidence.ts';

/** What a check step leaves behind. */
export interface CheckOutput {
  readonly findings: readonly Finding[];
  readonly judgement: Judgement | null;
}

/** A version of a proposal, the current one unless told, with the confidence that its checks have given it since it was made. */
export function measuredVersion(
  state: RunState,
  proposal: ProposalState,
  version = current(proposal),
): ProposalVersion {
  const checks = checksOf(state, proposal);
  const judgements = checks.flatMap(({ judgement }) => (judgement ? [judgement.score] : []));
  return {
    ...version,
    confidence: confidenceOf({
      ...version.confidence.parts,
      checks: checksPassed(findingsOf(state, proposal)),
      judgement: judgements.length > 0 ? Math.min(...judgements) : null,
    }),
  };
}

/** What the checks behind a proposal's step found in its files. */
export function findingsOf(state: RunState, proposal: ProposalState): readonly Finding[] {
  const paths = new Set(current(proposal).files.map(({ path }) => path));
  return checksOf(state, proposal)
    .flatMap(({ findings }) => findings)
    .filter(({ path }) => path === undefined || paths.has(path));
}

function checksOf(state: RunState, proposal: ProposalState): readonly CheckOutput[] {
  const graph = graphOf(state);
  const paths = new Set(current(proposal).files.map(({ path }) => path));
  return [...state.steps.values()].flatMap(({ step, status }) => {
    if (step.kind !== 'check' || status.is !== 'succeeded') return [];
    // Written by perform-check and vouched for by the journal's checksum.
    const output = status.result.output as unknown as CheckOutput;
    const isAboutIt = output.findings.some(({ path }) => path !== undefined && paths.has(path));
    return isAboutIt && upstream(graph, step.id).has(proposal.step) ? [output] : [];
  });
}
