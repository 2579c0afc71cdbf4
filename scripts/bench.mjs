import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { ensureDependencies, npm, root } from './setup.mjs';
import { Trouble, main, progress, show } from './system.mjs';

const folder = join(root, 'bench');

const usage =
  'npm run bench:engine  durable steps beside other engines and the physical floor; writes docs/benchmarks.md';

await main(async () => {
  const [name = ''] = process.argv.slice(2);
  if (name !== 'engine') throw new Trouble(`There is no benchmark "${name}".\n${usage}`);
  await ensureDependencies();
  await ensurePeers();
  return show(process.execPath, [join(folder, name, 'main.mjs')], { cwd: root });
});

/** The other engines live in a package of their own: nobody who uses Cairn installs them. */
async function ensurePeers() {
  const lock = await stat(join(folder, 'package-lock.json'));
  const installed = await stat(join(folder, 'node_modules', '.package-lock.json')).catch(() => undefined);
  if (installed && installed.mtimeMs >= lock.mtimeMs) return;
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  await progress('Installing the engines to compare with, once: about a minute', () =>
    npm(['install', '--no-save', ...quietly], { cwd: folder }),
  );
}
