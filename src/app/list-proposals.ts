import type { ProposalSummary } from './cairn.ts';
import type { RunReader } from './run-reader.ts';
import { summarizeProposal } from './summaries.ts';
import { limits } from '../base/limits.ts';
import type { RunState } from '../contracts/run.ts';
import { isOver } from '../engine/run-status.ts';

/**
 * Every proposal that is neither decided nor given up, those awaiting a decision first, then newest first. With a
 * run, that run's alone, even if it has ended.
 */
export async function listProposals(reader: RunReader, run?: string): Promise<readonly ProposalSummary[]> {
  const states = run === undefined ? await readStates(reader) : [(await reader.read(run)).state];
  const open = states
    .flatMap((state) => [...state.proposals.values()].map((proposal) => summarizeProposal(state, proposal)))
    .filter(({ status }) => status === 'open' || status === 'approved' || status === 'applying');
  return open.toSorted((a, b) => Number(b.awaiting) - Number(a.awaiting));
}

async function readStates(reader: RunReader): Promise<readonly RunState[]> {
  const { readings } = await reader.readAll(limits.runsListed);
  return readings.map(({ state }) => state).filter((state) => !isOver(state));
}
