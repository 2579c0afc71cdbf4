import type { Command } from 'commander';
import { collectNamed, yes } from './drive-options.ts';
import type { DriveOptions, Named } from './drive-options.ts';
import { driveToRest } from '../drive.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';

export function addRunning(program: Command, shell: Shell): void {
  program
    .command('run <workflow>')
    .description('run a workflow until it is done or waits for a decision')
    .option('--input <key=value>', 'an input of the workflow; may be repeated', collectNamed, {})
    .option(...yes)
    .action(async (workflow: string, options: DriveOptions & { input: Named }, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.startRun({ workflow, inputs: options.input, trigger: 'manual' });
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false });
      });
    });

  program
    .command('resume <run>')
    .description('go on with a run that was interrupted, or whose proposals could not be applied')
    .option(...yes)
    .action(async (part: string, options: DriveOptions, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false });
      });
    });

  program
    .command('cancel <run>')
    .description('stop a run; what was applied stays')
    .action(async (part: string, _options: unknown, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        await cairn.stopRun(run);
        await driveToRest(shell, cairn, { run, yes: false, expectStop: true });
      });
    });

  program
    .command('revert <target>')
    .description(
      'propose the inverse of what a run, or one proposal (<run>/<n>), has applied, and take back what a run has sent',
    )
    .option(...yes)
    .action(async (target: string, options: DriveOptions, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const { run, lasting, doubtful } = await cairn.revert(target);
        for (const effect of lasting) shell.terminal.note(`What cannot be taken back: ${effect}`);
        for (const effect of doubtful)
          shell.terminal.note(`May have been sent, and cannot be taken back: ${effect}`);
        const about = { lasting, doubtful };
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false, about });
      });
    });
}
