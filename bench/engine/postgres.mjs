import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chown, mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { findProgram, isExecutable } from '../../scripts/system.mjs';

const execute = promisify(execFile);
const user = 'cairn';
/** The server listens on a socket in its own folder alone; the port is a part of the socket's name. */
const port = '5432';
const startLimitMs = 60_000;

/** @typedef {{ uid?: number, gid?: number }} Owner who the server runs as; PostgreSQL refuses to run as root */

/**
 * Calls `work` with the URL of a PostgreSQL database: the one that CAIRN_BENCH_POSTGRES names, or else one
 * of a server of its own, which is stopped and removed afterwards. Undefined if this machine has neither.
 * @template T
 * @param {(url: string) => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function withPostgres(work) {
  const given = process.env['CAIRN_BENCH_POSTGRES'];
  if (given) return work(given);
  const programs = await findPrograms();
  if (!programs) return undefined;
  const owner = await findOwner();
  const folder = await makeFolder(owner);
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  const stopListening = whenThisProcessEnds(remove);
  try {
    await initialize(programs, folder, owner);
    return await withServer(programs, folder, owner, work);
  } finally {
    stopListening();
    remove();
  }
}

/**
 * The folder with PostgreSQL's programs. Debian keeps them off PATH; what is on PATH may be a link.
 * Not on Windows, where the server has no socket that only its owner can reach.
 * @returns {Promise<string | undefined>}
 */
async function findPrograms() {
  if (process.platform === 'win32') return undefined;
  const onPath = await findProgram('initdb');
  const candidates = [...(onPath ? [dirname(await realpath(onPath))] : []), ...(await debianFolders())];
  for (const folder of candidates) {
    const complete = await Promise.all(
      ['initdb', 'postgres'].map((name) => isExecutable(join(folder, name))),
    );
    if (complete.every(Boolean)) return folder;
  }
  return undefined;
}

/** Debian's folders, newest version first. */
async function debianFolders() {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'));
}

/** @returns {Promise<Owner>} this process's own user (nothing to set), unless that is root */
async function findOwner() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all([idOf('-u', name), idOf('-g', name)]).catch(() => undefined);
    if (ids) return { uid: ids[0], gid: ids[1] };
  }
  return { uid: 65_534, gid: 65_534 };
}

/**
 * @param {'-u' | '-g'} kind
 * @param {string} name
 */
async function idOf(kind, name) {
  return Number((await execute('id', [kind, name])).stdout);
}

/** @param {Owner} owner */
async function makeFolder({ uid, gid }) {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-pg-'));
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

/**
 * Trust is safe here: nobody but the owner gets to the socket.
 * @param {string} programs
 * @param {string} folder
 * @param {Owner} owner
 */
async function initialize(programs, folder, owner) {
  const args = ['-D', join(folder, 'data'), '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  await execute(join(programs, 'initdb'), args, { cwd: folder, ...owner });
}

/**
 * @template T
 * @param {string} programs
 * @param {string} folder
 * @param {Owner} owner
 * @param {(url: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withServer(programs, folder, owner, work) {
  const server = start(programs, folder, owner);
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => server.once('close', () => resolve()));
  const stopListening = whenThisProcessEnds(() => server.kill('SIGQUIT'));
  try {
    await ready(server);
    return await work(`postgresql://${user}@localhost:${port}/postgres?host=${encodeURIComponent(folder)}`);
  } finally {
    stopListening();
    server.kill('SIGINT');
    await ended;
  }
}

/**
 * Durability is PostgreSQL's default: fsync and synchronous_commit are on.
 * @param {string} programs
 * @param {string} folder
 * @param {Owner} owner
 */
function start(programs, folder, owner) {
  const settings = [`unix_socket_directories=${folder}`, 'listen_addresses=', 'lc_messages=C'];
  const args = ['-D', join(folder, 'data'), '-p', port, ...settings.flatMap((setting) => ['-c', setting])];
  return spawn(join(programs, 'postgres'), args, {
    cwd: folder,
    ...owner,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * Waits until the server takes connections, and keeps reading what it says after that.
 * @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} server
 * @returns {Promise<void>}
 */
function ready(server) {
  /** @type {string[]} */
  const said = [];
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`PostgreSQL did not start:\n${said.slice(-20).join('\n')}`));
    const timer = setTimeout(fail, startLimitMs);
    server.once('error', reject);
    server.once('close', fail);
    createInterface(server.stderr).on('line', (line) => {
      said.push(line);
      if (!line.includes('ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Has `last` called when this process ends early, by a signal too, and before what was asked for earlier;
 * gives what takes that back.
 * @param {() => void} last
 */
function whenThisProcessEnds(last) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const exit = () => process.exit(1);
  process.prependOnceListener('exit', last);
  for (const signal of signals) process.once(signal, exit);
  return () => {
    process.off('exit', last);
    for (const signal of signals) process.off(signal, exit);
  };
}
