import type { Folding } from './folding.ts';
import { isAtGate } from './gates.ts';
import { isOver } from './run-status.ts';
import type { Workshop } from './ports.ts';
import { AppError, toFailure } from '../base/failure.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { ProposalVersion } from '../contracts/proposal.ts';
import type { PreparedApply } from '../contracts/repository.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';

/** How often a branch that moves under an application is followed before the operator is told. */
const MOST_MOVES = 5;

/** Records what is decided on the newest state; answers, once that is on disk, whether anything was. */
export type Commit = (decide: (state: RunState) => readonly RunEvent[]) => Promise<boolean>;

/**
 * Applies approved proposals, one at a time and each after the one it builds on. The intent, with the commit
 * that will be made, is on disk before the branch moves; whatever goes wrong after that, a crash or a failure,
 * is resolved by asking the repository.
 */
export class Application {
  readonly #workshop: Workshop;
  readonly #commit: Commit;
  /** What was found impossible; looked at again when the run is executed the next time. */
  readonly #blocked = new Set<number>();
  #current: Promise<void> | undefined;
  #broken: { readonly thrown: unknown } | undefined;

  constructor(workshop: Workshop, commit: Commit) {
    this.#workshop = workshop;
    this.#commit = commit;
  }

  get isUnderWay(): boolean {
    return this.#current !== undefined;
  }

  /** Starts the next application that is due, unless one is under way. */
  advance(state: Folding, onSettled: () => void): void {
    if (this.#broken) throw this.#broken.thrown;
    if (this.#current) return;
    const due = approvedProposals(state).find((proposal) => this.#isDue(state, proposal));
    if (!due) return;
    this.#current = this.#apply(state, due)
      .catch((thrown: unknown) => {
        this.#broken = { thrown };
      })
      .finally(() => {
        this.#current = undefined;
        onSettled();
      });
  }

  async settled(): Promise<void> {
    await this.#current;
  }

  #isDue(state: RunState, proposal: ProposalState): boolean {
    return !this.#blocked.has(proposal.n) && canApply(state, proposal);
  }

  async #apply(state: RunState, proposal: ProposalState): Promise<void> {
    const { n, status } = proposal;
    try {
      if (status.is === 'applying' && (await this.#isApplied(n, status.prepared))) return;
      await this.#applyAnew(state, proposal);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      if (thrown.code === 'proposal.empty') return this.#skip(n, thrown.message);
      this.#blocked.add(n);
      await this.#commit(() => [{ type: 'apply.blocked', data: { n, failure: toFailure(thrown) } }]);
    }
  }

  async #applyAnew(state: RunState, proposal: ProposalState): Promise<void> {
    const { n } = proposal;
    for (let moves = 0; ; moves += 1) {
      const prepared = await this.#workshop.prepareApply(state, proposal);
      const intended = await this.#commit((now) => intent(now, proposal, prepared));
      // Meanwhile the operator stopped the run, or the work went back.
      if (!intended) return;
      try {
        await this.#workshop.completeApply(prepared);
        await this.#complete(n, prepared);
        return;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        if (await this.#isApplied(n, prepared)) return;
        if (thrown.code !== 'git.moved' || moves >= MOST_MOVES) throw thrown;
      }
    }
  }

  /** Whether the branch holds the commit; then it is brought to its end. */
  async #isApplied(n: number, prepared: PreparedApply): Promise<boolean> {
    if (!(await this.#workshop.recoverApply(prepared))) return false;
    await this.#complete(n, prepared);
    return true;
  }

  async #complete(n: number, { commit }: PreparedApply): Promise<void> {
    await this.#commit(() => [{ type: 'apply.completed', data: { n, commit } }]);
  }

  /** The branch has the change already: nothing is left to be applied. */
  async #skip(n: number, why: string): Promise<void> {
    await this.#commit(() => [{ type: 'apply.skipped', data: { n, why } }]);
  }
}

/** Proposals that are approved and not applied yet, in the order in which they were made. */
export function approvedProposals({ proposals }: Folding): readonly ProposalState[] {
  return [...proposals.in('applying'), ...proposals.in('approved')]
    .toSorted((a, b) => a - b)
    .flatMap((n) => proposals.get(n) ?? []);
}

/** Whether an approved proposal may be applied now: its gate is open, and what it builds on is applied. */
export function canApply(state: RunState, { n, status, versions }: ProposalState): boolean {
  if (status.is === 'applying') return true;
  if (status.is !== 'approved' || !isAtGate(state, n)) return false;
  const on = versions.at(-1)?.on;
  return on === undefined || state.proposals.get(on)?.status.is === 'applied';
}

/** The intent, if the decision that led to the preparation still stands. */
function intent(state: RunState, { n, status }: ProposalState, prepared: PreparedApply): RunEvent[] {
  const now = state.proposals.get(n)?.status;
  if (isOver(state) || !now || !('decision' in now) || !('decision' in status)) return [];
  const stands = now.is === 'approved' || now.is === 'applying';
  if (!stands || now.decision.commit !== status.decision.commit) return [];
  return [{ type: 'apply.started', data: { n, ...prepared, paths: [...prepared.paths] } }];
}

/** The version that was approved; a decision names its commit, and nothing else is applied (promise P4). */
export function approvedVersion({ n, status, versions }: ProposalState): ProposalVersion {
  const approved = 'decision' in status ? status.decision.commit : undefined;
  const version = versions.find(({ commit }) => commit === approved);
  if (!version) throw new Error(`Proposal ${n} has no version that was approved`);
  return version;
}
