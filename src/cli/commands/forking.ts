import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { collectNamed, yes } from './drive-options.ts';
import type { DriveOptions, Named } from './drive-options.ts';
import { askConfirmation } from '../ask-confirmation.ts';
import { describeForked, describeMigration } from '../describe-fork.ts';
import { driveToRest } from '../drive.ts';
import { exitCodes } from '../exit-codes.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import type { Cairn, ForkRequest } from '../../app/cairn.ts';

interface ForkOptions extends DriveOptions {
  readonly after?: string;
  readonly at?: number;
  readonly definition: ForkRequest['definition'];
  readonly input: Named;
}

/** What is made of the record of a run: another run, or the proof that it is what the engine makes. */
export function addForking(program: Command, shell: Shell): void {
  program
    .command('fork <run>')
    .description('begin a new run with what a run had done up to a checkpoint')
    .option('--after <step>', 'a step that is done; without it, all that is done is kept')
    .option('--at <record>', 'the last record of the journal that counts', readRecord)
    .addOption(
      new Option('--definition <which>', 'that of the run, or that of the files as they are now')
        .choices(['pinned', 'current'])
        .default('pinned'),
    )
    .option('--input <key=value>', 'another input; may be repeated', collectNamed, {})
    .option(...yes)
    .action(async (part: string, options: ForkOptions, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        const { after, at, definition, input: inputs } = options;
        const forked = await cairn.forkRun({
          run: await cairn.findRun(part),
          after,
          at,
          definition,
          inputs,
        });
        shell.terminal.say(describeForked(forked));
        const { run } = forked;
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false, about: { forked } });
      });
    });

  program
    .command('replay <run>')
    .description('execute a run once more over its journal, without a model, and compare every record')
    .action(async (part: string, _options: unknown, command: Command) => {
      const report = await withCairn(shell, command, async (cairn) =>
        cairn.replayRun(await cairn.findRun(part)),
      );
      shell.terminal.answer(report, () => report.message);
      if (report.is === 'different') shell.finish(exitCodes.failed);
    });

  program
    .command('migrate <run>')
    .description('go on with a run on the current definition; shows what differs, and asks')
    .option('--yes', 'do it without asking')
    .action(async (part: string, options: DriveOptions, command: Command) => {
      await withCairn(shell, command, async (cairn) => {
        await migrate(shell, cairn, await cairn.findRun(part), options.yes ?? false);
      });
    });
}

async function migrate(shell: Shell, cairn: Cairn, run: string, isConfirmed: boolean): Promise<void> {
  const { terminal } = shell;
  const migration = await cairn.planMigration(run);
  const { texts: _, ...plan } = migration;
  if (plan.changes.length === 0) {
    terminal.answer(plan, () => `${run} is on the current definition already: nothing was done.`);
    return;
  }
  terminal.say(describeMigration(migration));
  if (!isConfirmed && !(await mayMigrate(shell, run))) {
    shell.finish(exitCodes.waiting);
    return terminal.answer(plan, () => `\nNothing was done. Migrate it: cairn migrate ${run} --yes`);
  }
  terminal.say(`\nStopping ${run}. Should this be interrupted, go on with: cairn migrate ${run} --yes`);
  const migrated = await cairn.migrateRun(run, shell.signal);
  terminal.say(describeForked(migrated));
  const about = { ...plan, migrated };
  await driveToRest(shell, cairn, { run: migrated.run, yes: false, about });
}

async function mayMigrate({ terminal }: Shell, run: string): Promise<boolean> {
  if (terminal.json || !process.stdin.isTTY) return false;
  return askConfirmation(`Stop ${run}, and go on with a new run on the current definition?`);
}

function readRecord(text: string): number {
  const record = Number(text);
  if (Number.isInteger(record) && record > 0) return record;
  throw new InvalidArgumentError('write the number of a record, from 1.');
}
