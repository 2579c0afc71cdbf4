import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './setup.mjs';
import { Trouble, elapsed, show } from './system.mjs';

/**
 * What one stage of the verification has counted.
 * @typedef {{ passed: number, failed: number }} Tally
 */

/**
 * A part of the verification that passes or fails as a whole.
 * @param {string} title
 * @param {() => Promise<unknown>} work throws {@link Trouble} when it fails
 * @returns {Promise<Tally>}
 */
export async function stage(title, work) {
  const startMs = Date.now();
  console.log(`\n== ${title}`);
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof Trouble)) throw thrown;
    console.error(thrown.message);
    console.log(`== ${title}: failed after ${elapsed(startMs)}`);
    return { passed: 0, failed: 1 };
  }
  console.log(`== ${title}: passed in ${elapsed(startMs)}`);
  return { passed: 1, failed: 0 };
}

/**
 * Runs a tool of node_modules in this terminal; any exit code but 0 is a failure.
 * @param {string} program its name in node_modules/.bin
 * @param {readonly string[]} args
 */
export async function tool(program, args) {
  const code = await show(process.execPath, [await toolScript(program), ...args], { cwd: root });
  if (code !== 0) throw new Trouble(`${program} found what has to be mended; it is above.`);
}

/**
 * A vitest project. A file that does not load counts as a failed test, and so does a skipped test: what is not
 * run proves nothing.
 * @param {string} project
 * @param {readonly string[]} paths narrows it to the files whose paths hold one of these
 * @returns {Promise<Tally>}
 */
export async function testProject(project, paths) {
  const startMs = Date.now();
  console.log(`\n== tests: ${project}`);
  const report = join(root, 'test-results', `${project}.json`);
  await mkdir(join(root, 'test-results'), { recursive: true });
  await rm(report, { force: true });
  const vitest = await toolScript('vitest');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await show(process.execPath, [vitest, 'run', '--project', project, ...paths, ...reporters], {
    cwd: root,
  });
  const tally = count(await readReport(report), code);
  console.log(`== tests: ${project}: ${describe(tally)} in ${elapsed(startMs)}`);
  return tally;
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number } | undefined} report
 * @param {number} code
 * @returns {Tally}
 */
export function count(report, code) {
  if (!report) return { passed: 0, failed: 1 };
  const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: code === 0 ? failed : Math.max(failed, 1) };
}

/** @param {readonly Tally[]} tallies */
export function sum(tallies) {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.reduce((total, { failed }) => total + failed, 0),
  };
}

/** @param {Tally} tally */
export function describe({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** @param {string} path */
async function readReport(path) {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * The script behind a tool's name, from its package: what lies in .bin is a shell script on some systems.
 * @param {string} program
 */
async function toolScript(program) {
  const folder = join(root, 'node_modules', packages[program] ?? program);
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[program]);
}

/** @type {Record<string, string>} the packages whose tools are called differently */
const packages = { biome: '@biomejs/biome', tsc: 'typescript' };
