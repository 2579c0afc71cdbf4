import type { Command } from 'commander';
import { describePruned } from '../describe-pruned.ts';
import { exitCodes } from '../exit-codes.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import { describeFailure } from '../../base/failure.ts';

export function addKeeping(program: Command, shell: Shell): void {
  program
    .command('restore <run>')
    .description('bring an archived run back into its folder, so that it can go on here')
    .action(async (part: string, _options: unknown, command: Command) => {
      const { run, restored } = await withCairn(shell, command, async (cairn) => {
        const found = await cairn.findRun(part);
        return { run: found, restored: await cairn.restoreRun(found) };
      });
      shell.terminal.answer({ run, restored }, () =>
        restored ? `${run} is back in .cairn/runs/${run}.` : `${run} is here already.`,
      );
    });

  program
    .command('prune')
    .description('remove what the retention policy lets go of runs that are over')
    .option('--dry-run', 'only tell what would be removed')
    .action(async (options: { dryRun?: boolean }, command: Command) => {
      const dryRun = options.dryRun ?? false;
      const pruned = await withCairn(shell, command, (cairn) => cairn.prune({ dryRun }));
      shell.terminal.answer(pruned, () => describePruned(pruned));
      for (const { run, failure } of pruned.problems) {
        shell.terminal.note(`${run}: ${describeFailure(failure)}`);
      }
      if (pruned.problems.length > 0) shell.finish(exitCodes.failed);
    });
}
