import type { Command } from 'commander';
import { describeRun, describeRunLine } from '../describe-run.ts';
import { exitCodes } from '../exit-codes.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import { describeFailure } from '../../base/failure.ts';

export function addRuns(program: Command, shell: Shell): void {
  program
    .command('runs')
    .description('list the runs, newest first')
    .action(async (_options: unknown, command: Command) => {
      const { runs, problems } = await withCairn(shell, command, (cairn) => cairn.listRuns());
      shell.terminal.answer({ runs, problems }, () =>
        runs.length > 0 ? runs.map((run) => describeRunLine(run, Date.now())).join('\n') : 'No runs yet.',
      );
      for (const { failure } of problems) shell.terminal.note(describeFailure(failure));
      if (problems.length > 0) shell.finish(exitCodes.failed);
    });

  program
    .command('show <run>')
    .description('tell all about a run: its steps, what it waits for, what it cost')
    .action(async (part: string, _options: unknown, command: Command) => {
      const shown = await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        return { timeline: await cairn.showTimeline(run), proposals: await cairn.listProposals(run) };
      });
      shell.terminal.answer(shown, () => describeRun(shown.timeline, shown.proposals, Date.now()));
    });
}
