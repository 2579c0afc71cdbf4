import type { RunState } from '../../src/contracts/run.ts';

/** Proposals that the journal calls applied, as the branch names them. */
export function appliedIn(state: RunState): string[] {
  return [...state.proposals.values()].flatMap(({ n, status, versions }) => {
    if (status.is !== 'applied') return [];
    const version = versions.find(({ commit }) => commit === status.decision.commit)?.version;
    return [`${n}.${version}`];
  });
}

/** Proposals that nobody has decided, or that are on their way: a run that is done has none. */
export function unsettledIn(state: RunState): string[] {
  const settled = new Set(['applied', 'rejected', 'withdrawn']);
  return [...state.proposals.values()]
    .filter(({ status }) => !settled.has(status.is))
    .map(({ step }) => step);
}

/** What has been done outside, as often as it was: by the steps that did it, since keys name numbers. */
export function doneOutside(keys: readonly string[]): string[] {
  return keys.map((key) => key.slice(0, key.lastIndexOf('/'))).toSorted();
}

/**
 * What must be the same however often the process died. Numbers and versions follow the order in which parallel
 * steps happened to end, so proposals are named by their step.
 */
export function outcomeOf(state: RunState, branch: readonly string[]): unknown {
  const applied = [...state.proposals.values()].filter(({ n }) =>
    branch.some((commit) => commit.startsWith(`${n}.`)),
  );
  return {
    status: state.status.is,
    steps: [...state.steps.values()]
      .map(({ id, status, sentBack, edits }) => ({ id, status: status.is, sentBack, edits }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    proposals: [...state.proposals.values()].map(({ step, status }) => `${step}: ${status.is}`).toSorted(),
    applied: applied.map(({ step }) => step).toSorted(),
  };
}
