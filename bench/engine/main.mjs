import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { main } from '../../scripts/system.mjs';
import { bundleCairn, measure } from './measure.mjs';
import { withPostgres } from './postgres.mjs';
import { report } from './report.mjs';

/** @typedef {import('./measure.mjs').Measured} Measured */
/** @typedef {{ name: string, program: string, task: Record<string, unknown> }} Contestant */

/** Odd, so that the middle one is one that was measured. Every round has all contestants, one after the other. */
const rounds = 3;
const lengths = [100, 1_000, 10_000];
const events = 100_000;

/** @type {readonly Contestant[]} */
const contestants = [
  { name: 'Cairn', program: 'cairn', task: {} },
  { name: 'LangGraph.js, SQLite, synchronous = FULL', program: 'langgraph', task: { synchronous: 'full' } },
  { name: 'LangGraph.js, SQLite as it comes', program: 'langgraph', task: { synchronous: 'default' } },
];

await main(async () => {
  await bundleCairn();
  const compared = await withPostgres((url) => compare([...contestants, dbos(url)]));
  const results = {
    ...(compared ?? (await compare(contestants))),
    lengths: await measureLengths(),
    recovery: await measureRecovery(),
  };
  const text = report(results);
  await writeFile(join(root, 'docs', 'benchmarks.md'), text);
  console.log(`\n${text}`);
  return 0;
});

/**
 * @param {string} url
 * @returns {Contestant}
 */
function dbos(url) {
  return { name: 'DBOS, Postgres', program: 'dbos', task: { url } };
}

/** @param {readonly Contestant[]} all */
async function compare(all) {
  const floor = { name: 'append + fdatasync', program: 'floor', task: {} };
  return {
    alone: await inRounds([floor, ...all], { runs: 1, steps: 2_000 }),
    together: await inRounds(all, { runs: 50, steps: 40 }),
  };
}

/**
 * @param {readonly Contestant[]} all
 * @param {{ runs: number, steps: number }} size
 */
async function inRounds(all, size) {
  /** @type {Map<string, Measured[]>} */
  const found = new Map(all.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, program, task } of all) {
      const measured = await measure(program, { ...task, ...size });
      found.get(name)?.push(measured);
      console.log(
        `  round ${round}: ${name}, ${size.runs} × ${size.steps} steps in ${measured.ms.toFixed(0)} ms`,
      );
    }
  }
  return [...found].map(([name, all]) => ({ name, measured: middle(all) }));
}

/** @param {Measured[]} all */
function middle(all) {
  const sorted = all.toSorted((a, b) => a.ms - b.ms);
  const found = sorted[Math.floor(sorted.length / 2)];
  if (!found) throw new Error('Nothing was measured');
  return found;
}

async function measureLengths() {
  const found = [];
  for (const steps of lengths) {
    const measured = await measure('cairn', { runs: 1, steps });
    console.log(`  a run of ${steps} steps in ${measured.ms.toFixed(0)} ms`);
    found.push({ steps, measured });
  }
  return found;
}

async function measureRecovery() {
  const all = [];
  for (let round = 1; round <= rounds; round += 1) {
    all.push(await measure('recovery', { events }));
    console.log(`  a journal of ${events} events read in ${all.at(-1)?.ms.toFixed(0)} ms`);
  }
  return middle(all);
}
