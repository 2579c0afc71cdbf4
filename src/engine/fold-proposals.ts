import type { Folding } from './folding.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { Decision, ProposalVersion } from '../contracts/proposal.ts';
import type { ProposalState, ProposalStatus, StepState } from '../contracts/run.ts';

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
    status: isGone(state, version.on) ? withdrawnWith(version.on) : { is: 'open' },
    versions: [...(proposal?.versions ?? []), version],
    createdAtMs: proposal?.createdAtMs ?? atMs,
  });
}

/** Undecided work of the steps is being made anew. */
export function reviseOpen(state: Folding, steps: ReadonlySet<string>, why: string): void {
  replace(state, ({ step, status }) => steps.has(step) && isUndecided(status), { is: 'revising', why });
}

/** The step came to the end without another version: nothing is left to be changed. */
export function withdrawRevised(state: Folding, step: StepState): void {
  const why = 'The work came back without a change.';
  for (const proposal of proposalsOf(state, step)) {
    if (proposal.status.is === 'revising') {
      state.proposals.set(proposal.n, { ...proposal, status: { is: 'withdrawn', why } });
    }
  }
}

/** The step's work is not wanted any more: what was not decided of it is closed, and what builds on that. */
export function withdrawOf(state: Folding, step: StepState, why: string): void {
  for (const proposal of proposalsOf(state, step)) {
    if (!isUndecided(proposal.status) && proposal.status.is !== 'revising') continue;
    state.proposals.set(proposal.n, { ...proposal, status: { is: 'withdrawn', why } });
    withdrawAbove(state, proposal.n);
  }
}

/** What a step has proposed, by the places that its attempts were given. */
function proposalsOf({ proposals }: Folding, { attempts }: StepState): readonly ProposalState[] {
  const places = new Set(attempts.flatMap(({ slot }) => slot?.n ?? []));
  return [...places].flatMap((n) => proposals.get(n) ?? []);
}

/** The run has ended: what was not decided is closed. */
export function withdrawOpen(state: Folding, why: string): void {
  replace(state, ({ status }) => isUndecided(status) || status.is === 'revising', { is: 'withdrawn', why });
}

/** What builds on a proposal that is gone cannot be applied any more. */
function withdrawAbove(state: Folding, gone: number): void {
  for (const proposal of [...state.proposals.values()]) {
    if (proposal.versions.at(-1)?.on !== gone || !isUndecided(proposal.status)) continue;
    state.proposals.set(proposal.n, { ...proposal, status: withdrawnWith(gone) });
    withdrawAbove(state, proposal.n);
  }
}

function isGone(state: Folding, on: number | undefined): boolean {
  const status = on === undefined ? undefined : state.proposals.get(on)?.status;
  return status?.is === 'rejected' || status?.is === 'withdrawn';
}

function withdrawnWith(on: number | undefined): ProposalStatus {
  return { is: 'withdrawn', why: `It builds on proposal ${on}, which was rejected or withdrawn.` };
}

function statusAfter(
  status: ProposalStatus,
  event: Exclude<ProposalEvent, { type: 'decision.refused' }>,
): ProposalStatus | undefined {
  if (event.type === 'decision.made') return verdictStatus[event.data.verdict](event.data);
  if (event.type === 'apply.skipped') return { is: 'withdrawn', why: event.data.why };
  if (status.is !== 'approved' && status.is !== 'applying') return undefined;
  const { decision } = status;
  switch (event.type) {
    case 'apply.started':
      return applying(decision, event.data);
    case 'apply.completed':
      return { is: 'applied', decision, commit: event.data.commit };
    case 'apply.blocked':
      return { ...status, blocked: event.data.failure };
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
