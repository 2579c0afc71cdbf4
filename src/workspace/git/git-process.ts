import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { gitFailures } from '../../base/failures/git.ts';
import { codeOf } from '../../base/failures/runs.ts';
import { limits } from '../../base/limits.ts';
import { fixedSettings, gitEnvironment } from './git-environment.ts';

export interface GitCall {
  /** What the process reads from its standard input; nothing when left out. */
  readonly input?: string | Uint8Array | undefined;
  /** Variables besides the fixed ones. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Exit codes besides 0 that are an answer and not a failure. */
  readonly answers?: readonly number[] | undefined;
}

export interface GitAnswer {
  readonly output: Buffer;
  readonly exitCode: number;
}

/** Runs git's plumbing in one repository; `arguments` begin with the command. Throws `AppError` `git.*`. */
export interface Git {
  run(args: readonly string[], call?: GitCall): Promise<GitAnswer>;
  /** The output as text without its last line break. */
  text(args: readonly string[], call?: GitCall): Promise<string>;
  /** Starts a process that is talked to while it runs. */
  start(
    args: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): ChildProcessWithoutNullStreams;
}

export function gitIn(root: string): Git {
  const settings = fixedSettings.flatMap((setting) => ['-c', setting]);
  const start: Git['start'] = (args, variables = {}) =>
    spawn('git', [...settings, ...args], {
      cwd: root,
      env: { ...gitEnvironment(), ...variables },
      windowsHide: true,
      // In a group of its own, so that Ctrl+C in a terminal ends what Cairn does and not the git that it waits for.
      detached: process.platform !== 'win32',
    });
  const run: Git['run'] = (args, call = {}) => answerOf(start(args, call.variables), args[0] ?? '', call);
  return {
    start,
    run,
    text: async (args, call) => (await run(args, call)).output.toString('utf8').replace(/\n$/, ''),
  };
}

/** Waits for a process to end, and ends it when it takes too long or says too much. */
function answerOf(child: ChildProcessWithoutNullStreams, command: string, call: GitCall): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const output = new Collected(limits.gitOutputBytes);
    const complaint = new Collected(64 * 1024);
    const giveUp = (failure: Error) => {
      reject(failure);
      child.kill();
    };
    const timer = setTimeout(
      () => giveUp(gitFailures.timedOut(command, limits.gitTimeoutMs)),
      limits.gitTimeoutMs,
    );
    child.stdout.on('data', (chunk: Buffer) => {
      if (!output.add(chunk)) giveUp(gitFailures.tooMuchOutput(command, limits.gitOutputBytes));
    });
    child.stderr.on('data', (chunk: Buffer) => complaint.add(chunk));
    child.on('error', (thrown) => {
      clearTimeout(timer);
      reject(startFailure(command, thrown));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const exitCode = code ?? -1;
      if (exitCode === 0 || call.answers?.includes(exitCode)) resolve({ output: output.bytes(), exitCode });
      else reject(gitFailures.failed(command, complaint.bytes().toString('utf8')));
    });
    // A process that ends early closes its input; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.input ?? '');
  });
}

export function startFailure(command: string, thrown: Error): Error {
  return codeOf(thrown) === 'ENOENT' ? gitFailures.missing() : gitFailures.failed(command, thrown.message);
}

class Collected {
  readonly #chunks: Buffer[] = [];
  readonly #limitBytes: number;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Keeps a chunk, or answers false when it would be too much. */
  add(chunk: Buffer): boolean {
    if (this.#bytes + chunk.length > this.#limitBytes) return false;
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    return true;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
