import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Trouble, capture, exists, findProgram, progress } from './system.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const vsix = join(root, 'dist', 'cairn.vsix');
export const cli = join(root, 'dist', 'cli.js');

/**
 * The dependencies as package-lock.json pins them; installed when missing or older than it.
 *
 * Not by `npm ci`: it refuses a lock file that lacks a platform's optional binaries, which a lock file made where
 * those could not be had does. `npm install` takes the same pinned versions and adds what this platform needs.
 */
export async function ensureDependencies() {
  if (!(await findProgram('git'))) {
    throw new Trouble('git is missing. Install git 2.38 or newer, then try again.');
  }
  const lock = await stat(join(root, 'package-lock.json'));
  const installed = await stat(join(root, 'node_modules', '.package-lock.json')).catch(() => undefined);
  if (installed && installed.mtimeMs >= lock.mtimeMs) return;
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  await progress('Installing the dependencies, once: about a minute', async () => {
    await npm(['install', '--no-save', '--include=dev', ...quietly], { cwd: root });
  });
}

/** The bundles in dist/, small and with their sizes printed. */
export async function build() {
  await progress('Building', async () => {
    console.log((await node([join(root, 'esbuild.mjs'), '--minify'])).trimEnd());
  });
}

/** The extension as it is shipped: dist/cairn.vsix, of the bundles in dist/. */
export async function packageExtension() {
  await progress('Packaging the extension', async () => {
    await node([
      join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
      'package',
      '--no-dependencies',
      '--no-rewrite-relative-links',
      '--allow-missing-repository',
      '--out',
      vsix,
    ]);
    const { size } = await stat(vsix);
    console.log(`  dist/cairn.vsix ${(size / 1024).toFixed(0)} KB`);
  });
}

/**
 * Runs npm with the Node of this process, or with another one.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, node?: string }} options
 * @returns {Promise<string>}
 */
export async function npm(args, { cwd, env = process.env, node: program = process.execPath }) {
  return capture(program, [await findNpm(), ...args], { cwd, env: withoutNpmScript(env) });
}

/**
 * The path of npm's own script, because what is called `npm` on PATH is a shell or batch file on some machines.
 * @returns {Promise<string>}
 */
async function findNpm() {
  const script = join('node_modules', 'npm', 'bin', 'npm-cli.js');
  const folder = dirname(process.execPath);
  const onPath = await findProgram('npm');
  const candidates = [
    process.env['npm_execpath'],
    join(folder, script),
    join(folder, '..', 'lib', script),
    onPath ? await realpath(onPath) : undefined,
  ];
  for (const path of candidates) {
    if (path?.endsWith('npm-cli.js') && (await exists(path))) return path;
  }
  throw new Trouble('npm is missing. Install Node.js with npm (https://nodejs.org), then try again.');
}

/**
 * What npm tells its scripts about itself and one package would mislead an npm started for another: packages that
 * must be built by one version of Node read it from the user agent.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutNpmScript(env) {
  const misleading = /^npm_(package_|lifecycle_|command$|config_(local_prefix|user_agent|npm_version)$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.test(name)));
}

/** @param {readonly string[]} args */
function node(args) {
  return capture(process.execPath, args, { cwd: root });
}
