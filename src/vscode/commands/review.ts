import { pickProposal } from './targets.ts';
import type { ProposalArgument } from './targets.ts';
import type { Shell } from '../shell.ts';
import type { ProposalSummary } from '../../app/cairn.ts';
import type { FileChange } from '../../contracts/proposal.ts';

/** Opens the diff of a proposal, or of one file of it. */
export async function reviewProposal(shell: Shell, argument: ProposalArgument): Promise<void> {
  const cairn = await shell.company.open();
  const { root } = shell.company;
  const target = await targetOf(shell, argument);
  if (!target || !root) return;
  // The newest version counts: the entry that was clicked may be older than the tree shows by now.
  const proposal = await cairn.showProposal(target.proposal.id);
  await shell.reviews.open(proposal, root, target.only);
}

interface Target {
  readonly proposal: ProposalSummary;
  readonly only?: FileChange;
}

async function targetOf(shell: Shell, argument: ProposalArgument): Promise<Target | undefined> {
  if (typeof argument === 'string')
    return { proposal: await (await shell.company.open()).showProposal(argument) };
  if (argument?.kind === 'file') return { proposal: argument.proposal, only: argument.change };
  if (argument?.kind === 'proposal') return { proposal: argument.summary };
  const [only] = shell.approvals.selected;
  const proposal = shell.approvals.selected.length === 1 && only ? only : await pickProposal(shell);
  return proposal && { proposal };
}
