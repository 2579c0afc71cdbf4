import process from 'node:process';
import { Trouble, attempt, capture, findProgram, isExecutable, progress } from './system.mjs';

/** What compiles the native modules of VS Code for the browser, as Debian and Ubuntu name it. */
const buildPackages = [
  'python3',
  'make',
  'g++',
  'libkrb5-dev',
  'libx11-dev',
  'libxkbfile-dev',
  'libsecret-1-dev',
];

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macBrowsers = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** What VS Code for the browser needs to be built: installed where that is allowed, else named. */
export async function ensureBuildPackages() {
  if (await findProgram('apt-get')) return ensurePackages(buildPackages);
  const missing = [];
  for (const program of ['python3', 'make', 'g++']) {
    if (!(await findProgram(program))) missing.push(program);
  }
  if (missing.length > 0) {
    throw new Trouble(
      `VS Code for the browser is compiled here and needs ${missing.join(', ')}, and on Linux the headers of ` +
        'krb5, x11, xkbfile and libsecret. Install them, then try again.',
    );
  }
}

/**
 * The browser that the end-to-end tests drive: `CAIRN_CHROMIUM`, one on this machine, or Debian's.
 * @returns {Promise<string>} its path
 */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;
  if (!(await findProgram('apt-get'))) {
    throw new Trouble(
      'The end-to-end tests drive Chromium or Chrome, and neither is installed. ' +
        'Install one, or name its program in CAIRN_CHROMIUM, then try again.',
    );
  }
  await ensurePackages(['chromium']);
  const installed = await findBrowser();
  if (installed) return installed;
  throw new Trouble(
    'The package chromium is installed but brings no program. Install Chrome, or name one in CAIRN_CHROMIUM.',
  );
}

/** @returns {Promise<string | undefined>} */
async function findBrowser() {
  const named = process.env['CAIRN_CHROMIUM'];
  if (named) {
    if (await isExecutable(named)) return named;
    throw new Trouble(`CAIRN_CHROMIUM names ${named}, which is no program.`);
  }
  for (const name of browsers) {
    const path = await findProgram(name);
    if (path) return path;
  }
  for (const path of macBrowsers) {
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** @param {readonly string[]} names */
async function ensurePackages(names) {
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  const list = missing.join(' ');
  const become = await rootPrefix();
  if (!become) {
    throw new Trouble(
      `System packages are missing: ${list}.\nInstall them, then try again:\n  sudo apt-get install -y ${list}`,
    );
  }
  await progress(`Installing system packages: ${list}`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await aptGet(become, ['update'], env);
    await aptGet(become, ['install', '-y', '--no-install-recommends', ...missing], env);
  });
}

/** @param {readonly string[]} names */
async function missingPackages(names) {
  const { stdout } = await attempt('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names]);
  const installed = new Set(stdout.split('\n').map((line) => line.trim()));
  return names.filter((name) => !installed.has(`${name} installed`));
}

/** What to put before a command so that root runs it; nothing when that takes a password. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const { code } = await attempt('sudo', ['-n', 'true']);
  return code === 0 ? ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'] : undefined;
}

/**
 * @param {readonly string[]} become
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function aptGet(become, args, env) {
  const [command = 'apt-get', ...rest] = [...become, 'apt-get', '-qq', ...args];
  await capture(command, rest, { env });
}
