import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** A failure that the person at the terminal can act on; shown without a stack. */
export class Trouble extends Error {}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [problem] what to say when the command fails
 */

/**
 * Runs a command to its end and gives what it printed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 */
export async function capture(command, args, options = {}) {
  const { code, output, stdout } = await attempt(command, args, options);
  if (code === 0) return stdout;
  const problem = options.problem ?? `\`${[command, ...args].join(' ')}\` failed (exit code ${code}).`;
  throw new Trouble([problem, tail(output)].filter(Boolean).join('\n'));
}

/**
 * Like {@link capture}, for commands whose failure is an answer.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>}
 */
export function attempt(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...place(options), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ code: 127, stdout, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }));
  });
}

/**
 * Runs a command in the terminal of this process and gives its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function show(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...place(options), stdio: 'inherit' });
    child.on('error', (error) => reject(new Trouble(`${command} could not be started: ${error.message}`)));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Says what is being done, how long it has taken so far, and that it is done.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function progress(title, work) {
  const startMs = Date.now();
  console.log(`• ${title} …`);
  const ticker = setInterval(() => console.log(`  … ${elapsed(startMs)}`), 20_000);
  try {
    const result = await work();
    console.log(`  done in ${elapsed(startMs)}`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

/**
 * The path of a program on PATH, if it is there.
 * @param {string} program
 * @returns {Promise<string | undefined>}
 */
export async function findProgram(program) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const path = join(folder, program + ending);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
export async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
export async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Runs a script's work: its result is the exit code, its {@link Trouble} a sentence on the terminal.
 * @param {() => Promise<number>} work
 */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (thrown) {
    if (!isExpected(thrown)) throw thrown;
    console.error(`\n${thrown.message}`);
    process.exitCode = 1;
  }
}

/**
 * A mistyped option is as expected as {@link Trouble}.
 * @param {unknown} thrown
 * @returns {thrown is Error}
 */
function isExpected(thrown) {
  if (thrown instanceof Trouble) return true;
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
}

/**
 * @param {number} sinceMs
 * @returns {string}
 */
export function elapsed(sinceMs) {
  const seconds = (Date.now() - sinceMs) / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * @param {RunOptions} options
 * @returns {{ cwd?: string, env?: NodeJS.ProcessEnv }}
 */
function place({ cwd, env }) {
  return { ...(cwd ? { cwd } : {}), ...(env ? { env } : {}) };
}

/** @param {string} output */
function tail(output) {
  return output.trim().split('\n').slice(-20).join('\n');
}
