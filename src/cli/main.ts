import { Command, CommanderError } from 'commander';
import { addAnswering } from './commands/answering.ts';
import { addMemory } from './commands/memory.ts';
import { addCompany } from './commands/company.ts';
import { addDecisions } from './commands/decisions.ts';
import { addForking } from './commands/forking.ts';
import { addKeeping } from './commands/keeping.ts';
import { addRuns } from './commands/runs.ts';
import { addMending } from './commands/mending.ts';
import { addRunning } from './commands/running.ts';
import { addTriggers } from './commands/triggers.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './shell.ts';
import { Terminal } from './terminal.ts';
import { version } from '../../package.json';
import { AppError, toFailure } from '../base/failure.ts';
import type { FailureCode } from '../base/failure.ts';

/** Runs one command line; answers the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const terminal = new Terminal(process.stdout, process.stderr, argv.includes('--json'));
  const program = new Command('cairn')
    .description(
      'An operating system for a one-person company: workflows whose every change is a reviewable diff.',
    )
    .version(version)
    .option('--cwd <folder>', 'the company folder', '.')
    .option('--json', 'answer with JSON')
    .showHelpAfterError('(see cairn --help)')
    .exitOverride();
  let code: number = exitCodes.done;
  const shell = { terminal, signal: interruption(), finish: (result: number) => void (code = result) };
  const rooms = [
    addCompany,
    addRunning,
    addAnswering,
    addMending,
    addForking,
    addRuns,
    addKeeping,
    addDecisions,
    addTriggers,
    addMemory,
  ];
  for (const add of rooms) add(program, shell);
  for (const command of program.commands) inherit(command);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    terminal.failure(toFailure(thrown));
    return thrown instanceof AppError && usageCodes.has(thrown.code) ? exitCodes.usage : exitCodes.failed;
  }
}

/** `--cwd` and `--json` may stand before or behind the command. */
function inherit(command: Command): void {
  command.option('--cwd <folder>', 'the company folder').option('--json', 'answer with JSON').exitOverride();
  for (const inner of command.commands) inherit(inner);
}

/** Naming something that is not there is a slip of the one who typed. */
const usageCodes: ReadonlySet<FailureCode> = new Set([
  'usage',
  'input.invalid',
  'workflow.missing',
  'run.missing',
  'proposal.missing',
]);

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
