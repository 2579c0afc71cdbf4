import type { Folding } from './folding.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { Decision, ProposalVersion } from '../contracts/proposal.ts';
import type { ProposalState, ProposalStatus } from '../contracts/run.ts';

type ProposalEvent = Extract<RunEvent, { type: `decision.${string}` | `apply.${string}` }>;

const verdictStatus = {
  approve: (decision: Decision): ProposalStatus => ({ is: 'approved', decision }),
  reject: (decision: Decision): ProposalStatus => ({ is: 'rejected', decision }),
  changes: (decision: Decision): ProposalStatus => ({ is: 'revising', why: decision.comment ?? '' }),
} as const;

export function foldProposalEvent(state: Folding, event: ProposalEvent): void {
  if (event.type === 'decision.refused') return;
  const proposal = state.proposals.get(event.data.n);
  if (!proposal) return;
  const next = statusAfter(proposal.status, event);
  if (next) state.proposals.set(proposal.n, { ...proposal, status: next });
  if (next?.is === 'rejected') withdrawAbove(state, proposal.n);
}

/** A new version of a step's proposal; it is open again, whatever became of the one before. */
export function addVersion(state: Folding, step: string, version: ProposalVersion, atMs: number): void {
  const proposal = state.proposals.get(version.n);
  state.proposals.set(version.n, {
    n: version.n,
    step,
    status: { is: 'open' },
    versions: [...(proposal?.versions ?? []), version],
    createdAtMs: proposal?.createdAtMs ?? atMs,
  });
}

/** Undecided work of the steps is being made anew. */
export function reviseOpen(state: Folding, steps: ReadonlySet<string>, why: string): void {
  replace(state, ({ step, status }) => steps.has(step) && isUndecided(status), { is: 'revising', why });
}

/** The step came to the end without another version: nothing is left to be changed. */
export function withdrawRevised(state: Folding, step: string): void {
  const why = 'The work came back without a change.';
  replace(state, (proposal) => proposal.step === step && proposal.status.is === 'revising', {
    is: 'withdrawn',
    why,
  });
}

/** The run has ended: what was not decided is closed. */
export function withdrawOpen(state: Folding, why: string): void {
  replace(state, ({ status }) => isUndecided(status) || status.is === 'revising', { is: 'withdrawn', why });
}

/** What builds on a rejected proposal cannot be applied any more. */
function withdrawAbove(state: Folding, rejected: number): void {
  for (const proposal of [...state.proposals.values()]) {
    if (proposal.versions.at(-1)?.on !== rejected || !isUndecided(proposal.status)) continue;
    const why = `It builds on proposal ${rejected}, which was rejected.`;
    state.proposals.set(proposal.n, { ...proposal, status: { is: 'withdrawn', why } });
    withdrawAbove(state, proposal.n);
  }
}

function statusAfter(
  status: ProposalStatus,
  event: Exclude<ProposalEvent, { type: 'decision.refused' }>,
): ProposalStatus | undefined {
  switch (event.type) {
    case 'decision.made':
      return verdictStatus[event.data.verdict](event.data);
    case 'apply.started':
      return 'decision' in status ? applying(status.decision, event.data) : undefined;
    case 'apply.completed':
      return 'decision' in status
        ? { is: 'applied', decision: status.decision, commit: event.data.commit }
        : undefined;
    case 'apply.blocked':
      return 'decision' in status
        ? { is: 'approved', decision: status.decision, blocked: event.data.failure }
        : undefined;
  }
}

function applying(
  decision: Decision,
  { commit, head, branch, paths }: { commit: string; head: string; branch: string; paths: string[] },
): ProposalStatus {
  return { is: 'applying', decision, prepared: { commit, head, branch, paths } };
}

function isUndecided(status: ProposalStatus): boolean {
  return status.is === 'open' || status.is === 'approved';
}

function replace(state: Folding, fits: (proposal: ProposalState) => boolean, status: ProposalStatus): void {
  for (const proposal of [...state.proposals.values()]) {
    if (fits(proposal)) state.proposals.set(proposal.n, { ...proposal, status });
  }
}
