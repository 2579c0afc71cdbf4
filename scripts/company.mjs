import { cp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './setup.mjs';
import { Trouble, attempt, capture, exists } from './system.mjs';

/**
 * A copy of the sample company as a git repository with one commit. A company that is there already is kept as it is.
 * @param {string} folder
 * @returns {Promise<'made' | 'found'>}
 */
export async function ensureCompany(folder) {
  if (await exists(join(folder, '.cairn'))) return 'found';
  const present = await readdir(folder).catch(whenMissing);
  if (present.length > 0) {
    throw new Trouble(
      `${folder} holds other files and is no company. Name another folder with --dir, or an empty one.`,
    );
  }
  // Made beside the place and moved there when it is whole: half a copy would pass for a company.
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await cp(join(root, 'examples', 'solo-studio'), partial, { recursive: true });
    await commitAll(partial);
    await rmdir(folder).catch(whenMissing);
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return 'made';
}

/**
 * The commits made since one, newest first.
 * @param {string} folder
 * @param {string} since
 * @returns {Promise<{ commits: string[], runs: string[] }>} a line per commit, and the runs they belong to
 */
export async function commitsSince(folder, since) {
  const range = `${since}..HEAD`;
  const log = await git(folder, ['log', '--format=%h %s', range]);
  const trailers = await git(folder, ['log', '--format=%(trailers:key=Cairn-Run,valueonly)', range]);
  return { commits: lines(log), runs: [...new Set(lines(trailers))] };
}

/** @param {string} folder */
export async function headOf(folder) {
  return (await git(folder, ['rev-parse', 'HEAD'])).trim();
}

/** @param {string} folder */
async function commitAll(folder) {
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  for (const [key, value] of /** @type {const} */ ([
    ['user.name', 'Studio Owner'],
    ['user.email', 'owner@studio.example'],
  ])) {
    const { code } = await attempt('git', ['config', '--get', key], { cwd: folder });
    if (code !== 0) await git(folder, ['config', key, value]);
  }
  await git(folder, ['add', '--all']);
  // The operator's hooks and signing key are for the operator's own commits.
  const own = ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false'];
  await git(folder, [...own, 'commit', '--quiet', '--message', 'Start the company']);
}

/**
 * @param {string} folder
 * @param {readonly string[]} args
 */
function git(folder, args) {
  return capture('git', args, { cwd: folder });
}

/** @param {NodeJS.ErrnoException} error */
function whenMissing(error) {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** @param {string} text */
function lines(text) {
  return text.split('\n').filter(Boolean);
}
