import { current, isAtGate } from './gates.ts';
import type { Workshop } from './ports.ts';
import { AppError, toFailure } from '../base/failure.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';

/** How often a branch that moves under an application is followed before the operator is told. */
const MOST_MOVES = 5;

/**
 * Applies approved proposals, one at a time and each after the one it builds on. The intent, with the commit
 * that will be made, is on disk before the branch moves; a crash between is resolved by asking the repository.
 */
export class Application {
  readonly #workshop: Workshop;
  readonly #record: (events: readonly RunEvent[]) => Promise<void>;
  /** What was found impossible; looked at again when the run is executed the next time. */
  readonly #blocked = new Set<number>();
  #current: Promise<void> | undefined;
  #broken: { readonly thrown: unknown } | undefined;

  constructor(workshop: Workshop, record: (events: readonly RunEvent[]) => Promise<void>) {
    this.#workshop = workshop;
    this.#record = record;
  }

  /** Starts the next application that is due; answers whether one is under way. */
  advance(state: RunState, onSettled: () => void): boolean {
    if (this.#broken) throw this.#broken.thrown;
    if (this.#current) return true;
    const due = [...state.proposals.values()].find((proposal) => this.#isDue(state, proposal));
    if (!due) return false;
    this.#current = this.#apply(state, due)
      .catch((thrown: unknown) => {
        this.#broken = { thrown };
      })
      .finally(() => {
        this.#current = undefined;
        onSettled();
      });
    return true;
  }

  async settled(): Promise<void> {
    await this.#current;
  }

  #isDue(state: RunState, { n, status, versions }: ProposalState): boolean {
    if (status.is === 'applying') return true;
    if (status.is !== 'approved' || this.#blocked.has(n) || !isAtGate(state, n)) return false;
    const on = versions.at(-1)?.on;
    return on === undefined || state.proposals.get(on)?.status.is === 'applied';
  }

  async #apply(state: RunState, proposal: ProposalState): Promise<void> {
    const { n, status } = proposal;
    if (status.is === 'applying' && (await this.#workshop.recoverApply(status.prepared))) {
      return this.#record([{ type: 'apply.completed', data: { n, commit: status.prepared.commit } }]);
    }
    try {
      await this.#applyAnew(state, proposal);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.#blocked.add(n);
      await this.#record([{ type: 'apply.blocked', data: { n, failure: toFailure(thrown) } }]);
    }
  }

  async #applyAnew(state: RunState, proposal: ProposalState): Promise<void> {
    const { n } = proposal;
    for (let moves = 0; ; moves += 1) {
      const prepared = await this.#workshop.prepareApply(state, proposal);
      await this.#record([{ type: 'apply.started', data: { n, ...prepared, paths: [...prepared.paths] } }]);
      try {
        await this.#workshop.completeApply(prepared);
        return await this.#record([{ type: 'apply.completed', data: { n, commit: prepared.commit } }]);
      } catch (thrown) {
        const moved = thrown instanceof AppError && thrown.code === 'git.moved';
        if (!moved || moves >= MOST_MOVES) throw thrown;
      }
    }
  }
}

/** The version that was approved; a decision names its commit, and nothing else is applied (promise P4). */
export function approvedVersion(proposal: ProposalState) {
  const { status } = proposal;
  if (!('decision' in status)) return current(proposal);
  return proposal.versions.find(({ commit }) => commit === status.decision.commit) ?? current(proposal);
}
