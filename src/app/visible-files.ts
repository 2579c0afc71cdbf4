import picomatch from 'picomatch';
import type { Ports } from './ports.ts';
import { limits } from '../base/limits.ts';
import type { ProposalVersion } from '../contracts/proposal.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import { graphOf, upstream } from '../engine/workflow-graph.ts';

/** The company as a step sees it: the operator's files, and over them the undecided work of the steps before. */
export interface VisibleFiles {
  /** Text of a file; nothing when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Paths that fit, sorted. A pattern without wildcards is a path. */
  find(patterns: readonly string[]): Promise<readonly string[]>;
}

/** The versions that `step` builds on, in the order they were made. */
export function undecidedBefore(state: RunState, step: string): readonly ProposalVersion[] {
  const before = upstream(graphOf(state), step);
  return [...state.proposals.values()]
    .filter((proposal) => before.has(proposal.step) && isUndecided(proposal))
    .flatMap((proposal) => proposal.versions.at(-1) ?? []);
}

/** The last version that `step` itself made, while it may still be replaced. */
export function ownVersion(state: RunState, step: string): ProposalVersion | undefined {
  const own = [...state.proposals.values()].filter(
    (proposal) => proposal.step === step && (isUndecided(proposal) || proposal.status.is === 'revising'),
  );
  return own.at(-1)?.versions.at(-1);
}

/** The patterns that name one file each. */
export function concretePaths(patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !picomatch.scan(pattern).isGlob);
}

/** Later versions lie over earlier ones. */
export function visibleFiles(ports: Ports, versions: readonly ProposalVersion[]): VisibleFiles {
  const changed = new Map<string, ProposalVersion | undefined>();
  for (const version of versions) {
    for (const { path, from, kind } of version.files) {
      if (from) changed.set(from, undefined);
      changed.set(path, kind === 'deleted' ? undefined : version);
    }
  }
  return {
    read: async (path) => {
      if (!changed.has(path)) return ports.files.readText(path, limits.contextBytes);
      const version = changed.get(path);
      const bytes = version && (await ports.repository.read(version.commit, path));
      return bytes && new TextDecoder().decode(bytes);
    },
    find: async (patterns) => {
      const plain = concretePaths(patterns);
      const globs = patterns.filter((pattern) => !plain.includes(pattern));
      if (globs.length === 0) return [...new Set(plain)].sort();
      const committed = await ports.repository.list(await ports.repository.head(), globs);
      const fits = picomatch(globs, { dot: true });
      const proposed = [...changed].flatMap(([path, version]) => (version && fits(path) ? [path] : []));
      const kept = committed.filter((path) => !changed.has(path));
      return [...new Set([...plain, ...kept, ...proposed])].sort();
    },
  };
}

function isUndecided({ status }: ProposalState): boolean {
  return status.is === 'open' || status.is === 'approved' || status.is === 'applying';
}
