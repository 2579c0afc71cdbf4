import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { seededRandom } from '../../src/base/random.ts';
import { freshCompany } from '../e2e/support/company.ts';

const seed = Number(process.env['CAIRN_SEED'] ?? Date.now() % 1_000_000);

test(`P2: kill -9 at random moments, then resume: nothing is lost and nothing is done twice (CAIRN_SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  const company = await freshCompany();
  try {
    // Each life ends a few records after it began, however fast the machine is, until one gets through.
    let deaths = 0;
    let args = ['run', 'content-loop', '--yes'];
    for (let lives = 0; lives < 60; lives += 1) {
      const records = 1 + Math.floor(random.next() * 5);
      const { code } = await cairn(company.folder, args, {
        onStart: (child) =>
          killAfter(child, { folder: company.folder, records, delayMs: random.next() * 30 }),
      });
      if (code === 0) break;
      deaths += 1;
      const { runs } = await cairnJson<{ runs: { id: string }[] }>(company.folder, ['runs']);
      args = runs[0] ? ['resume', runs[0].id, '--yes'] : args;
    }
    expect(deaths).toBeGreaterThan(2);
    const { runs } = await cairnJson<{ runs: { id: string; status: { is: string } }[] }>(company.folder, [
      'runs',
    ]);
    expect(runs).toMatchObject([{ status: { is: 'succeeded' } }]);
    const steps = await company.git(
      'log',
      '--reverse',
      '--format=%(trailers:key=Cairn-Step,valueonly,separator=)',
    );
    expect(steps.split('\n').filter(Boolean)).toEqual(['plan', 'draft', 'edit', 'publish']);
    expect(await company.git('status', '--porcelain')).toBe('');
    expect(await company.git('fsck', '--strict', '--no-dangling')).toBe('');
    const journal = await company.read(`.cairn/runs/${runs[0]?.id}/journal.jsonl`);
    const numbers = journal
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { n: number }).n);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  } finally {
    await company.remove();
  }
}, 120_000);

interface Death {
  readonly folder: string;
  /** Records that the process may still write. */
  readonly records: number;
  readonly delayMs: number;
}

/** Kills a process some moments after it has written so many records. */
function killAfter(child: ChildProcess, { folder, records, delayMs }: Death): void {
  const limit = countRecords(folder) + records;
  const looking = setInterval(() => {
    if (countRecords(folder) < limit) return;
    clearInterval(looking);
    setTimeout(() => child.kill('SIGKILL'), delayMs);
  }, 2);
  child.once('close', () => clearInterval(looking));
}

function countRecords(folder: string): number {
  const runs = join(folder, '.cairn', 'runs');
  const journals = existsSync(runs) ? readdirSync(runs).map((run) => join(runs, run, 'journal.jsonl')) : [];
  const texts = journals.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  return texts.join('').split('\n').length;
}
