import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { commitsSince, ensureCompany, headOf } from './company.mjs';
import { cacheFolder, ensureEditor } from './editor-install.mjs';
import { folderAddress, installExtension, serveEditor, writeSettings } from './editor.mjs';
import { build, cli, ensureDependencies, packageExtension, vsix } from './setup.mjs';
import { Trouble, capture, findProgram, main, progress, show } from './system.mjs';

const usage = `npm start -- [options]

  Opens the sample company in VS Code with Cairn installed.

  --dir FOLDER   where the company is or shall be (default: ${join('~', 'cairn-solo-studio')})
  --fresh        a new copy beside that folder, with the time in its name
  --terminal     no editor: run the main loop in this terminal
  --yes          with --terminal: approve what the policy would ask
  --browser      VS Code in the browser even if \`code\` is on PATH
  --port N       the port of VS Code in the browser (default: a free one)`;

/** The oldest VS Code that the extension runs in, as in package.json. */
const oldestCode = [1, 105];

await main(async () => {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      port: { type: 'string' },
      fresh: { type: 'boolean' },
      terminal: { type: 'boolean' },
      yes: { type: 'boolean' },
      browser: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const port = readPort(values.port);
  await ensureDependencies();
  await build();
  const folder = await openCompany(values.dir, values.fresh ?? false);
  if (values.terminal) return runLoop(folder, values.yes ?? false);
  await packageExtension();
  if (!values.browser && (await findProgram('code'))) return openInCode(folder);
  return openInBrowser(folder, port);
});

/**
 * @param {string | undefined} dir
 * @param {boolean} fresh
 */
async function openCompany(dir, fresh) {
  const wanted = resolve(dir ?? join(homedir(), 'cairn-solo-studio'));
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const folder = fresh ? `${wanted}-${stamp}` : wanted;
  const outcome = await ensureCompany(folder);
  if (outcome === 'made') console.log(`• The sample company is in ${folder}`);
  else console.log(`• The company in ${folder} is used as it is (--fresh makes a new one)`);
  return folder;
}

/**
 * @param {string} folder
 * @param {boolean} yes
 */
async function runLoop(folder, yes) {
  const before = await headOf(folder);
  console.log('• Running content-loop: brief → draft → edit → publish\n');
  const code = await show(process.execPath, [
    ...[cli, 'run', 'content-loop', '--cwd', folder],
    ...(yes ? ['--yes'] : []),
  ]);
  const { commits, runs } = await commitsSince(folder, before);
  if (commits.length === 0) {
    console.log(`\nNothing was committed in ${folder}.`);
    return code;
  }
  console.log(`\nCommitted in ${folder}:`);
  for (const commit of commits) console.log(`  ${commit}`);
  console.log('To see where each line comes from:\n  git -C', `${folder} log -${commits.length}`);
  console.log('To undo it:');
  for (const run of runs) console.log(`  node ${cli} revert ${run} --cwd ${folder}`);
  return code;
}

/** @param {string} folder */
async function openInCode(folder) {
  const version = (await code(['--version'])).split('\n')[0] ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === oldestCode[0] && minor < (oldestCode[1] ?? 0)) {
    throw new Trouble(
      `VS Code ${version} is older than ${oldestCode.join('.')}. Update it, or use npm start -- --browser.`,
    );
  }
  await progress(`Installing Cairn into VS Code ${version}`, () =>
    code(['--install-extension', vsix, '--force']),
  );
  await code([folder]);
  console.log(`\n${folder} is open in VS Code. Open the Cairn view in its activity bar.`);
  return 0;
}

/**
 * Runs the `code` command, which is a batch file on Windows.
 * @param {readonly string[]} args
 */
function code(args) {
  if (process.platform === 'win32') return capture('cmd.exe', ['/d', '/c', 'code', ...args]);
  return capture('code', args);
}

/**
 * @param {string} folder
 * @param {number} port
 */
async function openInBrowser(folder, port) {
  const editor = await ensureEditor();
  const state = join(cacheFolder, 'editor');
  const profile = { userData: join(state, 'user-data'), extensions: join(state, 'extensions') };
  await writeSettings(profile, {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  });
  await progress('Installing Cairn into VS Code for the browser', () =>
    installExtension(editor, profile, vsix),
  );
  const served = await serveEditor(editor, profile, { port });
  const interrupted = new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => resolve(true));
  });
  console.log(`\nVS Code with Cairn: ${folderAddress(served.url, folder)}\nCtrl+C ends it.`);
  const asked = await Promise.race([interrupted, served.ended.then(() => false)]);
  await served.stop();
  if (asked) return 0;
  throw new Trouble(
    `VS Code for the browser has ended.\n${served.log().trim().split('\n').slice(-10).join('\n')}`,
  );
}

/** @param {string | undefined} text */
function readPort(text) {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Trouble(`--port ${text} is no port: give a number from 1 to 65535.`);
}
