import type { ProposalSummary } from './cairn.ts';
import type { RunReader } from './run-reader.ts';
import { summarizeProposal } from './summaries.ts';
import { limits } from '../base/limits.ts';

/** Every proposal that is not over, those awaiting a decision first, then newest first. */
export async function listProposals(reader: RunReader): Promise<readonly ProposalSummary[]> {
  const { readings } = await reader.readAll(limits.runsListed);
  const open = readings
    .filter(({ state }) => state.status.is === 'running' || state.status.is === 'waiting')
    .flatMap(({ state }) =>
      [...state.proposals.values()].map((proposal) => summarizeProposal(state, proposal)),
    )
    .filter(({ status }) => status === 'open' || status === 'approved' || status === 'applying');
  return open.sort((a, b) => Number(b.awaiting) - Number(a.awaiting));
}
