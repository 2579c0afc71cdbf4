import * as vscode from 'vscode';
import { proposalTargets, seen } from './targets.ts';
import type { ProposalArgument } from './targets.ts';
import type { Review } from '../reviews.ts';
import type { Shell } from '../shell.ts';
import type { ApprovalNode } from '../views/approvals-model.ts';
import type { Verdict } from '../../contracts/proposal.ts';
import { countText } from '../../protocol/wording.ts';

const SHORT_MS = 5_000;
const words = { approve: 'Approved', reject: 'Rejected', changes: 'Requested changes to' } as const;

export async function approve(shell: Shell, argument: ProposalArgument, selected?: readonly ApprovalNode[]) {
  await decide(shell, await proposalTargets(shell, argument, selected), { verdict: 'approve' });
}

export async function reject(shell: Shell, argument: ProposalArgument, selected?: readonly ApprovalNode[]) {
  await decide(shell, await proposalTargets(shell, argument, selected), { verdict: 'reject' });
}

export async function requestChanges(
  shell: Shell,
  argument: ProposalArgument,
  selected?: readonly ApprovalNode[],
) {
  const targets = await proposalTargets(shell, argument, selected);
  if (targets.length === 0) return;
  const comment = await vscode.window.showInputBox({
    title: 'Request Changes',
    prompt: 'What should be different? The agent makes a new version that heeds your words.',
    placeHolder: 'e.g. Shorter, and open with the customer’s own words',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'Say what should change.' : undefined),
  });
  if (comment !== undefined) await decide(shell, targets, { verdict: 'changes', comment });
}

export async function decideChecked(shell: Shell, verdict: 'approve' | 'reject') {
  const { checked } = shell.approvals;
  if (checked.length > 0) return decide(shell, checked.map(seen), { verdict });
  await vscode.window.showInformationMessage(
    'No proposal is checked. Check some in the Approvals view first.',
  );
}

interface Opinion {
  readonly verdict: Verdict;
  readonly comment?: string;
}

/** Hands the decision over, pinned to the versions that were seen (promise P4), and lets the runs go on. */
async function decide(
  shell: Shell,
  targets: readonly Review[],
  { verdict, comment }: Opinion,
): Promise<void> {
  if (targets.length === 0) return;
  const cairn = await shell.company.open();
  await cairn.decide({
    proposals: targets.map(({ proposal }) => proposal),
    verdict,
    comment,
    seen: Object.fromEntries(targets.map(({ proposal, version }) => [proposal, version])),
  });
  for (const target of targets) await shell.reviews.close(target);
  for (const run of new Set(targets.map(({ proposal }) => proposal.slice(0, proposal.lastIndexOf('/'))))) {
    void shell.executor.drive(cairn, run);
  }
  shell.data.refresh();
  vscode.window.setStatusBarMessage(
    `$(check) ${words[verdict]} ${countText(targets.length, 'proposal')}`,
    SHORT_MS,
  );
}
