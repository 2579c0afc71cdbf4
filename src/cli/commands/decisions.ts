import type { Command } from 'commander';
import { describeProposal } from '../describe-proposal.ts';
import { seenVersions } from '../seen-versions.ts';
import { driveToRest } from '../drive.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import type { Verdict } from '../../contracts/proposal.ts';

interface DecisionOptions {
  readonly comment?: string;
}

export function addDecisions(program: Command, shell: Shell): void {
  program
    .command('proposals')
    .description('list the proposals that wait for a decision')
    .option('--diff', 'with their changes')
    .action(async (options: { diff?: boolean }, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const proposals = await cairn.listProposals();
        const diffs = options.diff ? await Promise.all(proposals.map(({ id }) => cairn.showDiff(id))) : [];
        shell.terminal.answer({ proposals }, () => {
          if (proposals.length === 0) return 'Nothing waits for a decision.';
          return proposals
            .map((one, i) => [describeProposal(one), diffs[i]].filter(Boolean).join('\n'))
            .join('\n\n');
        });
      });
    });

  addDecision('approve', 'approve', 'approve proposals; they are applied and committed');
  addDecision('reject', 'reject', 'reject proposals; their run stops');
  addDecision('revise', 'changes', 'send proposals back with a comment; the agent makes another version');

  function addDecision(name: string, verdict: Verdict, description: string): void {
    program
      .command(`${name} <proposals...>`)
      .description(description)
      .option('--comment <text>', 'why')
      .action(async (proposals: string[], { comment }: DecisionOptions, command: Command) => {
        await withCairn(shell, command, async (cairn) => {
          const decided = await cairn.decide({ ...(await seenVersions(cairn, proposals)), verdict, comment });
          for (const run of new Set(decided.map(({ id }) => id.slice(0, id.lastIndexOf('/'))))) {
            await driveToRest(shell, cairn, { run, yes: false, expectStop: verdict === 'reject' });
          }
        });
      });
  }
}
