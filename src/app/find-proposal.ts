import type { RunReader } from './run-reader.ts';
import { appFailures } from '../base/failures/app.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';

/** A proposal by `<run>/<n>`, where the run may be an unambiguous part of its id. Throws `proposal.missing`. */
export async function findProposal(
  reader: RunReader,
  id: string,
): Promise<{ readonly state: RunState; readonly proposal: ProposalState }> {
  const match = /^(.+)\/(\d+)$/.exec(id);
  if (!match?.[1] || !match[2]) throw appFailures.proposalMissing(id);
  const { state } = await reader.read(await reader.find(match[1]));
  const proposal = state.proposals.get(Number(match[2]));
  if (!proposal) throw appFailures.proposalMissing(id);
  return { state, proposal };
}
