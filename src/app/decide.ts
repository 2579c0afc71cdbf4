import type { DecideRequest, Decided } from './cairn.ts';
import { findProposal } from './find-proposal.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { appFailures } from '../base/failures/app.ts';
import { ulid } from '../base/ids.ts';
import { proposalId } from '../contracts/proposal.ts';
import type { Verdict } from '../contracts/proposal.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import { current } from '../engine/gates.ts';
import { isOver } from '../engine/run-status.ts';
import { awaiting } from '../engine/waiting.ts';

/**
 * Hands decisions to their runs, durably, each pinned to the version it is about (promise P4). All are checked
 * before the first is given. Throws `proposal.missing`, `proposal.closed`, `proposal.stale`, `usage`.
 */
export async function decide(ports: Ports, reader: RunReader, request: DecideRequest): Promise<Decided[]> {
  const { verdict, seen = {}, comment } = request;
  if (verdict === 'changes' && !comment?.trim()) throw appFailures.commentMissing();
  const found = await Promise.all(request.proposals.map((id) => findProposal(reader, id)));
  const orders = found.map(({ state, proposal }) => {
    const id = proposalId(state.id, proposal.n);
    const { n, version, commit } = current(proposal);
    requireOpen(state, proposal, verdict);
    if ((seen[id] ?? commit) !== commit) throw appFailures.proposalStale(id);
    return { run: state.id, id, n, version, commit };
  });
  const { name, email } = await ports.repository.operator();
  const who = `${name} <${email}>`;
  for (const { run, n, version, commit } of orders) {
    const id = ulid(ports.clock, ports.random);
    const said = comment?.trim() ? { comment: comment.trim() } : {};
    await ports.runs.order(run, { kind: 'decide', id, n, version, commit, verdict, who, ...said });
  }
  return orders.map(({ id, commit }) => ({ id, commit }));
}

/** What waits at a gate may be decided, and an approval that could not be applied may be taken back. */
function requireOpen(state: RunState, proposal: ProposalState, verdict: Verdict): void {
  const id = proposalId(state.id, proposal.n);
  const { status } = proposal;
  if (status.is === 'approved' && status.blocked && verdict !== 'approve') return;
  if (status.is !== 'open') throw appFailures.proposalClosed(id, status.is);
  if (isOver(state)) throw appFailures.proposalOfEndedRun(id);
  if (!awaiting(state).includes(proposal)) throw appFailures.proposalNotAsked(id);
}
