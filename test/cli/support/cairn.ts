import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'dist', 'cli.js');

/** What a command line has printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CairnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Hears of the process, for instance to kill it. */
  readonly onStart?: (child: ChildProcess) => void;
  /** In a process group of its own, as a terminal gives it one: `process.kill(-pid)` is Ctrl+C. */
  readonly detached?: boolean;
}

/** Runs the built command line in a company, without the machine's own model settings. */
export async function cairn(
  folder: string,
  args: readonly string[],
  options: CairnOptions = {},
): Promise<Ended> {
  if (!existsSync(cli)) throw new Error('dist/cli.js is not there: run “npm run build” first');
  const child = spawn(process.execPath, [cli, ...args, '--cwd', folder], {
    env: { ...withoutModel(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  });
  options.onStart?.(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

/** Runs a command with `--json` and gives its answer. */
export async function cairnJson<T>(folder: string, args: readonly string[]): Promise<T> {
  const { out, err } = await cairn(folder, [...args, '--json']);
  try {
    return JSON.parse(out) as T;
  } catch {
    throw new Error(`No JSON from “cairn ${args.join(' ')}”: ${out}${err}`);
  }
}

function withoutModel(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CAIRN_') && !name.startsWith('GIT_'),
  );
  return Object.fromEntries(kept);
}
