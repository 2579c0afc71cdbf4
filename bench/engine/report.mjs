import { arch, cpus, platform, release, totalmem } from 'node:os';
import process from 'node:process';

/** @typedef {import('./measure.mjs').Measured} Measured */
/** @typedef {readonly { readonly name: string, readonly measured: Measured }[]} Ranking */

/**
 * @typedef {object} Results
 * @property {Ranking} alone one run at a time, with the floor first
 * @property {Ranking} together fifty runs at once
 * @property {readonly { readonly steps: number, readonly measured: Measured }[]} lengths
 * @property {Measured} recovery
 */

/**
 * The page of the numbers, as Markdown.
 * @param {Results} results
 * @returns {string}
 */
export function report(results) {
  return `${[
    '# Benchmarks',
    'Written by `npm run bench:engine`; the middle of three rounds, in each of which everybody had a turn. Only the ratios say something about another machine.',
    `Measured on ${machine()}.`,
    '## Durable steps, one after the other, in one run',
    'Every engine makes the same trivial step and keeps its outcome before it makes the next one. The floor is one append of 450 bytes and one `fdatasync` a step.',
    ranking(results.alone, results.alone.at(0)),
    '## Durable steps in 50 runs at once',
    ranking(results.together, undefined),
    '## Long runs',
    'What a step costs in the first and in the last tenth of a run.',
    table(
      [
        'steps in the run',
        'steps a second',
        'ms a step, first tenth',
        'ms a step, last tenth',
        'last to first',
      ],
      results.lengths.map(({ steps, measured: { ms, firstMs = NaN, lastMs = NaN } }) => [
        count(steps),
        count((steps / ms) * 1000),
        firstMs.toFixed(3),
        lastMs.toFixed(3),
        (lastMs / firstMs).toFixed(2),
      ]),
    ),
    '## Recovery',
    recovery(results.recovery),
    '## What is to be reached',
    targets(results),
    '## Versions',
    versions([...results.alone, ...results.together]),
  ].join('\n\n')}\n`;
}

function machine() {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
  const system = `${platform()} ${release().split('-')[0]} (${arch()})`;
  return `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory}, ${system}, Node ${process.versions.node}`;
}

/**
 * @param {Ranking} all
 * @param {Ranking[number] | undefined} floor
 */
function ranking(all, floor) {
  const columns = ['', 'steps a second', 'ms a step', ...(floor ? ['of the floor'] : [])];
  const rows = all.map(({ name, measured }) => [
    name,
    count(rate(measured)),
    (measured.ms / measured.steps).toFixed(3),
    ...(floor ? [(rate(measured) / rate(floor.measured)).toFixed(2)] : []),
  ]);
  return table(columns, rows);
}

/** @param {Measured} measured */
function recovery({ ms, followMs = NaN, memoryMb = NaN, wholeMs = NaN, wholeMb = NaN, parseMs = NaN }) {
  return [
    `A run of 10,000 steps with a journal of 100,000 events is opened by the process that goes on with it, and by one that only looks at it; \`JSON.parse\` of the journal’s lines alone takes ${count(parseMs)} ms. A snapshot is as old as it may be when a process is killed: a sixteenth of the journal came behind it, which is read, validated and folded. What is before is still verified, every byte of it and of its blobs. Without it the whole journal is read, validated and folded. Memory is that of the state: heap and buffers.`,
    table(
      ['', 'ms', 'of `JSON.parse`', 'MB'],
      [
        ['gone on with, from the snapshot', count(ms), (ms / parseMs).toFixed(2), memoryMb.toFixed(0)],
        ['looked at, from the snapshot', count(followMs), (followMs / parseMs).toFixed(2), ''],
        ['gone on with, without it', count(wholeMs), (wholeMs / parseMs).toFixed(2), wholeMb.toFixed(0)],
      ],
    ),
  ].join('\n\n');
}

/** @param {Results} results */
function targets({ alone, lengths, recovery: read }) {
  const of = (/** @type {string} */ start) => {
    const found = alone.find(({ name }) => name.startsWith(start));
    return found ? rate(found.measured) : NaN;
  };
  const longest = lengths.at(-1)?.measured ?? { firstMs: NaN, lastMs: NaN };
  const growth = (longest.lastMs ?? NaN) / (longest.firstMs ?? NaN);
  const floor = of('Cairn') / of('append');
  const peer = of('Cairn') / of('LangGraph.js, SQLite, synchronous');
  return table(
    ['', 'to reach', 'measured'],
    [
      ['sequential steps, of the floor’s rate', 'at least 0.5', floor.toFixed(2)],
      ['sequential steps, of LangGraph.js with synchronous = FULL', 'at least 3', peer.toFixed(2)],
      ['cost of a step, last tenth to first, 10,000 steps', 'about 1', growth.toFixed(2)],
      ['recovery of 100,000 events', 'under 300 ms', `${count(read.ms)} ms`],
      ['memory of its state', 'under 50 MB', `${(read.memoryMb ?? NaN).toFixed(0)} MB`],
    ],
  );
}

/** @param {Ranking} all */
function versions(all) {
  const found = new Set(all.flatMap(({ measured }) => measured.version ?? []));
  return [...found].map((version) => `- ${version}`).join('\n');
}

/** @param {Measured} measured */
function rate({ steps, ms }) {
  return (steps / ms) * 1000;
}

/** @param {number} value */
function count(value) {
  return Math.round(value).toLocaleString('en-US');
}

/**
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows
 */
function table(columns, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
