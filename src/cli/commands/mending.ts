import type { Command } from 'commander';
import { collectNamed, yes } from './drive-options.ts';
import type { DriveOptions } from './drive-options.ts';
import { driveToRest } from '../drive.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import type { Retry } from '../../app/order-run.ts';

/** What is done about steps that have failed. */
export function addMending(program: Command, shell: Shell): void {
  program
    .command('retry <run>')
    .description('try the failed steps of a run again')
    .option('--step <step>', 'this one alone')
    .option('--with <key=value>', 'another input of that step; may be repeated', collectNamed)
    .option(...yes)
    .action(async (part: string, options: DriveOptions & Retry, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        await cairn.retryRun(run, { step: options.step, with: options.with });
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false });
      });
    });

  program
    .command('take <run> <step>')
    .description('do a step that has failed by hand; “cairn answer” says when it is done')
    .option(...yes)
    .action(async (part: string, step: string, options: DriveOptions, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        await cairn.takeStep(run, step);
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false });
      });
    });

  program
    .command('skip <run> <step>')
    .description('go on without a step that has failed')
    .requiredOption('--why <reason>', 'kept with the run')
    .option(...yes)
    .action(async (part: string, step: string, options: DriveOptions & { why: string }, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        await cairn.skipStep(run, { step, why: options.why });
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false });
      });
    });
}
