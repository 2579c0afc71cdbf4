import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { seededRandom } from '../../src/base/random.ts';
import type { Random } from '../../src/base/random.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

const seed = Number(process.env['CAIRN_SEED'] ?? Date.now() % 1_000_000);

const kills = 100;

test(`P2: kill -9 at ${kills} random moments, each time gone on: nothing is lost and nothing is done twice (CAIRN_SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  let deaths = 0;
  const lane = async () => {
    while (deaths < kills) await liveThrough(random, () => (deaths += 1));
  };
  await Promise.all([lane(), lane()]);
  console.log(`${deaths} kills`);
  expect(deaths).toBeGreaterThanOrEqual(kills);
}, 600_000);

/** A run in a company of its own: each life ends a few records after it began, until one gets through. */
async function liveThrough(random: Random, onDeath: () => void): Promise<void> {
  const company = await freshCompany();
  try {
    let args = ['run', 'content-loop', '--yes'];
    for (let lives = 0; lives < 60; lives += 1) {
      const records = 1 + Math.floor(random.next() * 5);
      const delayMs = random.next() * 30;
      const { code } = await cairn(company.folder, args, {
        onStart: (child) => killAfter(child, { folder: company.folder, records, delayMs }),
      });
      if (code === 0) break;
      onDeath();
      const [run] = runsIn(company.folder);
      args = run ? ['resume', run, '--yes'] : args;
    }
    await expectWhole(company);
  } finally {
    await company.remove();
  }
}

/** The run has come to its end, once, and the journal and the repository agree about it. */
async function expectWhole(company: SampleCompany): Promise<void> {
  const { runs } = await cairnJson<{ runs: { id: string; status: { is: string } }[] }>(company.folder, [
    'runs',
  ]);
  expect(runs).toMatchObject([{ status: { is: 'succeeded' } }]);
  const format = '--format=%(trailers:key=Cairn-Step,valueonly,separator=)';
  const steps = await company.git('log', '--reverse', format);
  expect(steps.split('\n').filter(Boolean)).toEqual(['plan', 'draft', 'edit', 'publish']);
  expect(await company.git('status', '--porcelain')).toBe('');
  expect(await company.git('fsck', '--strict', '--no-dangling')).toBe('');
  expect(await cairn(company.folder, ['replay', runs[0]?.id ?? ''])).toMatchObject({ code: 0, err: '' });
  const journal = await company.read(`.cairn/runs/${runs[0]?.id}/journal.jsonl`);
  const lines = journal.trim().split('\n');
  const numbers = lines.map((line) => (JSON.parse(line) as { n: number }).n);
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
}

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
  const journals = runsIn(folder).map((run) => join(folder, '.cairn', 'runs', run, 'journal.jsonl'));
  const texts = journals.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  return texts.join('').split('\n').length;
}

/** Runs that have begun: a process that died before its first record has left an empty folder. */
function runsIn(folder: string): string[] {
  const runs = join(folder, '.cairn', 'runs');
  const found = existsSync(runs) ? readdirSync(runs) : [];
  return found.filter((run) => existsSync(join(runs, run, 'journal.jsonl')));
}
