import * as vscode from 'vscode';
import { proposalDescription, proposalLabel } from '../views/approvals-model.ts';
import type { ApprovalNode } from '../views/approvals-model.ts';
import { proposalsOf } from '../views/approvals-view.ts';
import type { Review } from '../reviews.ts';
import type { Shell } from '../shell.ts';
import type { ProposalSummary } from '../../app/cairn.ts';

/** What a command is about: an entry of the tree, or a proposal's id. */
export type ProposalArgument = ApprovalNode | string | undefined;

/** Commands are also called from editor titles and keys, with arguments of the editor's own: those say nothing. */
export function proposalArgument(given: unknown): ProposalArgument {
  if (typeof given === 'string') return given;
  return isApprovalNode(given) ? given : undefined;
}

export function isApprovalNode(given: unknown): given is ApprovalNode {
  if (typeof given !== 'object' || given === null || !('kind' in given)) return false;
  if (given.kind === 'question' && 'question' in given) return true;
  return given.kind === 'proposal' || given.kind === 'file' || (given.kind === 'run' && 'proposals' in given);
}

/** The proposals that a decision is about, each in the version that the operator has seen. */
export async function proposalTargets(
  shell: Shell,
  argument: ProposalArgument,
  selected: readonly ApprovalNode[] | undefined,
): Promise<readonly Review[]> {
  if (typeof argument === 'string') return [await currentOf(shell, argument)];
  if (argument) return unique((selected?.length ? selected : [argument]).flatMap(proposalsOf)).map(seen);
  const { current } = shell.reviews;
  if (current) return [current];
  const chosen = shell.approvals.checked.length > 0 ? shell.approvals.checked : shell.approvals.selected;
  const waiting = chosen.filter(({ awaiting }) => awaiting);
  if (waiting.length > 0) return unique(waiting).map(seen);
  const picked = await pickProposal(shell);
  return picked ? [seen(picked)] : [];
}

/** Asks which of the waiting proposals is meant; nothing when the operator changes their mind. */
export async function pickProposal(shell: Shell): Promise<ProposalSummary | undefined> {
  const cairn = await shell.company.open();
  const waiting = (await cairn.listProposals()).filter(({ awaiting }) => awaiting);
  if (waiting.length === 0) {
    await vscode.window.showInformationMessage('Nothing waits for your decision.');
    return undefined;
  }
  const items = waiting.map((summary) => ({
    label: proposalLabel(summary),
    description: summary.workflowName,
    detail: proposalDescription(summary),
    summary,
  }));
  const options = { placeHolder: 'Which proposal?', matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.summary;
}

export function seen({ id, current }: ProposalSummary): Review {
  return { proposal: id, version: current.commit };
}

async function currentOf(shell: Shell, id: string): Promise<Review> {
  return seen(await (await shell.company.open()).showProposal(id));
}

function unique(proposals: readonly ProposalSummary[]): readonly ProposalSummary[] {
  return [...new Map(proposals.map((one) => [one.id, one])).values()];
}
