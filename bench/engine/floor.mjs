import { open } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

/** The physical floor of a durable step: appending what Cairn writes for one, and waiting for the disk. */
const { folder, steps } = JSON.parse(process.argv[2] ?? '{}');
const line = Buffer.from(`${'x'.repeat(449)}\n`);

const file = await open(join(folder, 'floor.log'), 'a');
await append(1_000);
const startMs = performance.now();
await append(steps);
const ms = performance.now() - startMs;
await file.close();
console.log(JSON.stringify({ steps, ms }));

/** @param {number} times */
async function append(times) {
  for (let made = 0; made < times; made += 1) {
    await file.write(line);
    await file.datasync();
  }
}
