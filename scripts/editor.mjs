import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { Trouble, capture } from './system.mjs';

/**
 * VS Code for the browser, installed.
 * @typedef {object} Editor
 * @property {string} node the program of the Node it runs on
 * @property {string} entry its own script
 */

/**
 * Where an editor keeps its state and its extensions.
 * @typedef {object} Profile
 * @property {string} userData
 * @property {string} extensions
 */

/**
 * An editor that is being served.
 * @typedef {object} Served
 * @property {string} url where it listens, without a folder
 * @property {() => string} log what the server has printed so far
 * @property {() => Promise<void>} stop
 * @property {Promise<void>} ended
 */

/**
 * Installs a packaged extension into a profile.
 * @param {Editor} editor
 * @param {Profile} profile
 * @param {string} vsix
 */
export async function installExtension(editor, profile, vsix) {
  await capture(editor.node, [...command(editor, profile), '--install-extension', vsix, '--force'], {
    env: cleanEnv(),
    problem: `The extension ${vsix} could not be installed.`,
  });
}

/**
 * Serves the editor on the loopback interface and waits until it answers.
 * @param {Editor} editor
 * @param {Profile} profile
 * @param {{ port?: number, trust?: boolean, startTimeoutMs?: number }} [options] `port` 0 lets the system pick
 *   one; without `trust` folders open in Restricted Mode until the operator trusts them
 * @returns {Promise<Served>}
 */
export async function serveEditor(editor, profile, options = {}) {
  const { port = 0, trust = true, startTimeoutMs = 60_000 } = options;
  await mkdir(profile.userData, { recursive: true });
  const child = spawn(
    editor.node,
    [
      ...command(editor, profile),
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(trust ? ['--disable-workspace-trust'] : []),
    ],
    // A process group of its own, so that the extension hosts it starts can be ended with it.
    { stdio: ['ignore', 'pipe', 'pipe'], env: cleanEnv(), detached: true },
  );
  const log = collect(child);
  const ended = ending(child);
  const stop = () => end(child, ended);
  try {
    const url = await listening(log, ended, startTimeoutMs);
    return { url, log, stop, ended };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/**
 * The address that opens a folder in a served editor.
 * @param {string} url
 * @param {string} folder
 */
export function folderAddress(url, folder) {
  return `${url}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}`;
}

/**
 * Sets what the profile starts with; its own later changes are kept.
 * @param {Profile} profile
 * @param {Record<string, unknown>} settings
 */
export async function writeSettings(profile, settings) {
  const path = join(profile.userData, 'User', 'settings.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(settings, undefined, 2)}\n`, { flag: 'wx' }).catch(keepExisting);
}

/** @param {NodeJS.ErrnoException} error */
function keepExisting(error) {
  if (error.code !== 'EEXIST') throw error;
}

/**
 * @param {Editor} editor
 * @param {Profile} profile
 */
function command(editor, { userData, extensions }) {
  return [
    editor.entry,
    ...['--user-data-dir', userData, '--extensions-dir', extensions],
    ...['--config', join(userData, 'server.yaml')],
  ];
}

/** The environment without what a VS Code terminal, a hosting service or code-server itself would add. */
function cleanEnv() {
  const misleading =
    /^(VSCODE_|CODE_SERVER_|CS_|ELECTRON_|npm_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !misleading.test(name)));
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {() => string}
 */
function collect(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text = (text + part).slice(-256 * 1024);
    });
  }
  return () => text;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<void>}
 */
function ending(child) {
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

/**
 * @param {() => string} log
 * @param {Promise<void>} ended
 * @param {number} timeoutMs
 * @returns {Promise<string>}
 */
async function listening(log, ended, timeoutMs) {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const untilMs = Date.now() + timeoutMs;
  while (!over && Date.now() < untilMs) {
    const url = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log())?.[1];
    if (url && (await answers(`${url}/healthz`))) return url;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const why = over ? 'ended before it listened' : `did not answer within ${timeoutMs / 1000} s`;
  throw new Trouble(`VS Code for the browser ${why}.\n${log().trim().split('\n').slice(-10).join('\n')}`);
}

/** @param {string} url */
async function answers(url) {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<void>} ended
 */
async function end(child, ended) {
  signal(child, 'SIGTERM');
  const timer = setTimeout(() => signal(child, 'SIGKILL'), 3_000);
  await ended;
  clearTimeout(timer);
  signal(child, 'SIGKILL');
}

/**
 * Signals the whole group; one that is gone already needs none.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} name
 */
function signal(child, name) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (thrown) {
    if (/** @type {NodeJS.ErrnoException} */ (thrown).code !== 'ESRCH') throw thrown;
  }
}
