import { resolve } from 'node:path';
import type { Command } from 'commander';
import { environmentSecrets } from './connector-secrets.ts';
import { configuredModel } from './model-settings.ts';
import type { Terminal } from './terminal.ts';
import { openCairn } from '../app/assemble.ts';
import type { Cairn } from '../app/cairn.ts';

/** What every command is given. */
export interface Shell {
  readonly terminal: Terminal;
  /** Aborted by Ctrl+C; what was done until then is kept. */
  readonly signal: AbortSignal;
  /** Sets the exit code; 0 unless called. */
  finish(code: number): void;
}

/** The folder named by `--cwd`. */
export function folderOf(command: Command): string {
  const { cwd } = command.optsWithGlobals<{ cwd?: string }>();
  return resolve(cwd ?? '.');
}

/** Opens the company for the time of one command. */
export async function withCairn<T>(
  shell: Shell,
  command: Command,
  use: (cairn: Cairn) => Promise<T>,
): Promise<T> {
  const log = (line: string) => shell.terminal.note(line);
  const cairn = await openCairn(folderOf(command), {
    trusted: true,
    model: configuredModel(process.env),
    secretOf: environmentSecrets(process.env),
    log,
  });
  try {
    return await use(cairn);
  } finally {
    cairn.dispose();
  }
}

/** A signal that Ctrl+C aborts. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
