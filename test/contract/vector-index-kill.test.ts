import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { openVectraIndex } from '../../src/vector/vectra-index.ts';
import { killSpace, killedBatch, killedIds } from '../fixtures/vector-batches.ts';

const kills = 15;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-kill-'));
  await build({
    entryPoints: [fileURLToPath(new URL('../fixtures/vector-writer.ts', import.meta.url))],
    outfile: join(root, 'writer.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
    plugins: [
      {
        name: 'without-unused-parts',
        setup(bundle) {
          const unused = /^(@huggingface\/|gpt-tokenizer|openai|protobufjs|turndown|wink-)/;
          bundle.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }));
          bundle.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
        },
      },
    ],
  });
});
afterAll(() => rm(root, { recursive: true }));

/**
 * Runs a writer until it has acknowledged some updates, kills it somewhere within the next one, and gives the
 * last acknowledged number. An update takes some 4 ms, so `withinMs` decides where in it the kill falls.
 */
async function killAfter(
  folder: string,
  first: number,
  { updates, withinMs }: { updates: number; withinMs: number },
): Promise<number> {
  const writer = spawn(process.execPath, [join(root, 'writer.mjs'), folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  let last = first - 1;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    if (last === first + updates - 1) setTimeout(() => writer.kill('SIGKILL'), withinMs);
  }
  await exited;
  return last;
}

describe('a process that is killed while it writes (P2)', () => {
  it('leaves an index that is readable and holds every acknowledged update', async () => {
    const folder = join(root, 'index');
    const random = seededRandom(20_260_105);
    let acknowledged = -1;
    for (let kill = 0; kill < kills; kill += 1) {
      acknowledged = await killAfter(folder, acknowledged + 1, {
        updates: 1 + Math.floor(random.next() * 30),
        withinMs: random.next() * 8,
      });
      const { index, found } = await openVectraIndex(folder, killSpace);
      expect(found, `after kill ${kill}`).toMatch(/^(intact|damaged)$/);
      const hashes = await index.hashes();
      for (let n = Math.max(0, acknowledged - 2); n <= acknowledged; n += 1) {
        for (const { id } of killedBatch(n)) expect(Number(hashes.get(id))).toBeGreaterThanOrEqual(n);
      }
      const [sample] = killedBatch(acknowledged);
      const nearest = await index.nearest(sample?.vector ?? [], killedIds.length);
      expect(nearest).toHaveLength(hashes.size);
      expect(nearest.every(({ score }) => Number.isFinite(score))).toBe(true);
    }
  }, 60_000);
});
