import type { Cairn } from '../app/cairn.ts';
import { AppError } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';

/** What a decision on the command line is about: proposals, and the version of each that was seen. */
export interface Seen {
  readonly proposals: readonly string[];
  /** Commits by proposal. */
  readonly seen: Readonly<Record<string, string>>;
}

/**
 * Reads `<run>/<n>@<version>`. The version may be left out while there is only one: otherwise a decision could
 * apply to a text that nobody saw (promise P4). Throws `proposal.stale`, `usage`.
 */
export async function seenVersions(cairn: Cairn, written: readonly string[]): Promise<Seen> {
  const found = await Promise.all(written.map((text) => seenVersion(cairn, text)));
  return {
    proposals: found.map(({ id }) => id),
    seen: Object.fromEntries(found.map(({ id, commit }) => [id, commit])),
  };
}

async function seenVersion(cairn: Cairn, written: string): Promise<{ id: string; commit: string }> {
  const [, name = written, version] = /^(.*)@(\d+)$/.exec(written) ?? [];
  const { id, versions, current } = await cairn.showProposal(name);
  if (version === undefined && versions > 1) throw versionNeeded(id, versions);
  if (version !== undefined && Number(version) !== current.version) throw appFailures.proposalStale(id);
  return { id, commit: current.commit };
}

function versionNeeded(id: string, versions: number): AppError {
  return new AppError({
    code: 'usage',
    message: `Proposal ${id} has ${versions} versions.`,
    retry: 'operator',
    kept: 'Nothing was decided.',
    remedy: `Look at it with “cairn proposals --diff”, then write ${id}@${versions}.`,
  });
}
