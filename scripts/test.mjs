import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureEditor } from './editor-install.mjs';
import { build, ensureDependencies, packageExtension } from './setup.mjs';
import { describe, stage, sum, testProject, tool } from './stages.mjs';
import { Trouble, elapsed, main } from './system.mjs';
import { ensureBrowser } from './system-packages.mjs';

const usage = `npm test                 everything
npm run verify           format, lint, types, unused code, unit tests with the architecture, build
npm run test:unit        the quick inner loop; -- PATH … narrows it, as it does for the next ones
npm run test:durability  killed processes, real repositories, simulated histories
npm run test:cli         the CLI on real git repositories
npm run test:e2e         the packaged extension in a real VS Code`;

/** @typedef {(paths: readonly string[]) => Promise<import('./stages.mjs').Tally[]>} Part */

/** @type {Record<string, Part>} */
const parts = {
  all: async (paths) => [
    ...(await setUpEditor()),
    ...(await verify()),
    await stage('package', packageExtension),
    await testProject('durability', paths),
    await testProject('cli', paths),
    await testProject('e2e', paths),
  ],
  verify,
  unit: async (paths) => [await testProject('unit', paths)],
  durability: async (paths) => [await testProject('durability', paths)],
  cli: async (paths) => [await stage('build', build), await testProject('cli', paths)],
  e2e: async (paths) => [
    ...(await setUpEditor()),
    await stage('build', build),
    await stage('package', packageExtension),
    await testProject('e2e', paths),
  ],
};

await main(async () => {
  const startMs = Date.now();
  const { positionals } = parseArgs({ allowPositionals: true });
  const [name = 'all', ...paths] = positionals;
  const part = parts[name];
  if (!part) throw new Trouble(`There is no part "${name}" of the tests.\n${usage}`);
  requireNode();
  await ensureDependencies();
  const result = sum(await part(paths));
  console.log(`\nEverything took ${elapsed(startMs)}.`);
  console.log(describe(result));
  return result.failed === 0 ? 0 : 1;
});

/** Linter, bundler and test runner ask for more than Cairn itself does, and npm leaves them half installed below. */
function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Trouble(
    `The tests need Node 20.19 or newer; this is ${process.versions.node}. npm start and the CLI run on it.`,
  );
}

async function verify() {
  return [
    await stage('format', () => tool('biome', ['format'])),
    await stage('lint', () => tool('oxlint', ['--type-aware', '--deny-warnings'])),
    await stage('types', () => tool('tsc', ['-p', '.'])),
    await stage('unused code', () => tool('knip', ['--no-progress'])),
    await testProject('unit', []),
    await stage('build', build),
  ];
}

/** What the end-to-end tests need from the system, first: what is missing is known at once. */
async function setUpEditor() {
  return [await stage('browser', ensureBrowser), await stage('editor', ensureEditor)];
}
