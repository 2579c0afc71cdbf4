import type { Command } from 'commander';
import { describeTriggers } from '../describe-triggers.ts';
import { exitCodes } from '../exit-codes.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import { work, workOnce } from '../work.ts';
import { describeFailure } from '../../base/failure.ts';

export function addTriggers(program: Command, shell: Shell): void {
  program
    .command('triggers')
    .description('list what starts runs by itself: when it did last, when it will next, what is wrong')
    .action(async (_options: unknown, command: Command) => {
      const listing = await withCairn(shell, command, (cairn) => cairn.listTriggers());
      shell.terminal.answer(listing, () => describeTriggers(listing, Date.now()));
      for (const failure of listing.problems) shell.terminal.note(describeFailure(failure));
      if (listing.problems.length > 0) shell.finish(exitCodes.failed);
    });

  program
    .command('worker')
    .description('start runs when their time, file or item comes, and execute them, until interrupted')
    .option('--once', 'look once, execute what that starts, and end')
    .action(async (options: { once?: boolean }, command: Command) => {
      await withCairn(shell, command, (cairn) =>
        options.once ? workOnce(shell, cairn) : work(shell, cairn),
      );
    });
}
