/** Which side of which version of a proposal a document shows: ids only, never content. */
export interface ProposalSide {
  /** `<run>/<n>` */
  readonly proposal: string;
  /** The version under review; what a decision made from the review is pinned to. */
  readonly version: string;
  /** The commit whose content is shown: the version, or what it was made on. */
  readonly commit: string;
}

export const proposalScheme = 'cairn-proposal';

/** The query of a `cairn-proposal:` URI. The path stays that of the file, so that both sides share a name. */
export function proposalQuery({ proposal, version, commit }: ProposalSide): string {
  return `proposal=${proposal}&version=${version}&commit=${commit}`;
}

const shape = /^proposal=([a-z0-9][a-z0-9-]*\/\d+)&version=([0-9a-f]{40,64})&commit=([0-9a-f]{40,64})$/;

/** The side that a query names; nothing when it is not one. */
export function readProposalQuery(query: string): ProposalSide | undefined {
  const [, proposal, version, commit] = shape.exec(query) ?? [];
  return proposal && version && commit ? { proposal, version, commit } : undefined;
}
