import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { root } from '../../scripts/setup.mjs';
import { capture } from '../../scripts/system.mjs';

/**
 * What a contestant answers; some tell more.
 * @typedef {{
 *   ms: number, steps: number, version?: string,
 *   firstMs?: number, lastMs?: number,
 *   parseMs?: number, followMs?: number, memoryMb?: number, wholeMs?: number, wholeMb?: number,
 * }} Measured
 */

const bundles = join(root, 'dist', 'bench');
const ofCairn = ['cairn', 'recovery'];

/** Cairn's contestants are made of its sources as they are. */
export async function bundleCairn() {
  await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    entryPoints: ofCairn.map((name) => `bench/engine/${name}.ts`),
    outdir: bundles,
    outExtension: { '.js': '.mjs' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
}

/**
 * One measurement: a process of its own, in a folder of its own that is removed afterwards.
 * @param {string} program
 * @param {Record<string, unknown>} task
 * @returns {Promise<Measured>}
 */
export async function measure(program, task) {
  const path = ofCairn.includes(program)
    ? join(bundles, `${program}.mjs`)
    : join(root, 'bench', 'engine', `${program}.mjs`);
  const folder = await mkdtemp(join(tmpdir(), 'cairn-bench-'));
  try {
    const answer = await capture(process.execPath, [
      '--expose-gc',
      path,
      JSON.stringify({ folder, ...task }),
    ]);
    return JSON.parse(answer.trim().split('\n').at(-1) ?? '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
