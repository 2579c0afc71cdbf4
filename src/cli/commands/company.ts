import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createCompany } from '../../app/create-company.ts';
import { exitCodes } from '../exit-codes.ts';
import { folderOf, withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';

/** Where the package keeps the sample company: beside the bundled `dist/cli.js`. */
const starter = join(__dirname, '..', 'examples', 'solo-studio');

const bareHint =
  'Write AGENTS.md with your house rules and a brief, then: cairn run content-loop --input brief=briefs/….md';

export function addCompany(program: Command, shell: Shell): void {
  program
    .command('init [folder]')
    .description('make a company of a folder; what is there is not touched')
    .option('--bare', 'only workflows, agents, connectors and policy, no sample content')
    .action(async (folder: string | undefined, options: { bare?: boolean }, command: Command) => {
      const root = resolve(folderOf(command), folder ?? '.');
      const created = await createCompany({
        root,
        starter,
        content: options.bare ? 'definitions' : 'sample',
      });
      shell.terminal.answer({ root, ...created }, () => {
        const kept =
          created.kept.length > 0 ? `, ${created.kept.length} were there and stay as they are` : '';
        const next = created.committed ? '' : '\nCommit them, so that agents can build on them.';
        const hint = options.bare ? bareHint : `Try: cairn run content-loop --cwd ${root}`;
        return `${root} is a company now: ${created.written.length} files written${kept}.${next}\n${hint}`;
      });
    });

  program
    .command('doctor')
    .description('check the machine and the company')
    .action(async (_options: unknown, command: Command) => {
      const checks = await withCairn(shell, command, (cairn) => cairn.examine());
      shell.terminal.answer({ checks }, () =>
        checks
          .map(
            ({ check, ok, message, remedy }) =>
              `${ok ? '✓' : '✗'} ${check}: ${message}${remedy ? ` ${remedy}` : ''}`,
          )
          .join('\n'),
      );
      if (checks.some(({ ok }) => !ok)) shell.finish(exitCodes.failed);
    });
}
