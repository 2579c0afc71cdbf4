import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

/** Steps of the one run that every contestant makes before the clock starts. */
const warmUpSteps = 1_000;

/**
 * What a contestant is told to do.
 * @typedef {object} Task
 * @property {number} runs how many runs go on at once
 * @property {number} steps durable steps of each run, one after the other
 */

/**
 * What a contestant brings.
 * @typedef {object} Engine
 * @property {readonly string[]} packages whose versions are named in the result
 * @property {(name: string, steps: number) => Promise<void>} run makes one run to its end
 * @property {(name: string, steps: number) => Promise<void>} verify throws unless all its steps are kept
 */

/**
 * The task in the first argument of this process.
 * @template {Task} T
 * @returns {T}
 */
export function readTask() {
  return JSON.parse(process.argv[2] ?? '');
}

/**
 * Warms the engine up, times the runs, has them verified and gives the one line to print.
 * @param {Task} task
 * @param {Engine} engine
 * @returns {Promise<string>}
 */
export async function compete({ runs, steps }, { packages, run, verify }) {
  const names = Array.from({ length: runs }, (_, index) => `run-${index + 1}`);
  await run('warm-up', warmUpSteps);
  const startMs = performance.now();
  await Promise.all(names.map((name) => run(name, steps)));
  const ms = performance.now() - startMs;
  await Promise.all(names.map((name) => verify(name, steps)));
  const versions = await Promise.all(packages.map(versionOf));
  return JSON.stringify({ steps: runs * steps, ms: Math.round(ms * 10) / 10, version: versions.join(', ') });
}

/** @param {string} name a package of this benchmark */
async function versionOf(name) {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(await readFile(manifest, 'utf8')).version}`;
}
