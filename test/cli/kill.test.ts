import type { ChildProcess } from 'node:child_process';
import { expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { seededRandom } from '../../src/base/random.ts';
import { freshCompany } from '../e2e/support/company.ts';

const seed = Number(process.env['CAIRN_SEED'] ?? Date.now() % 1_000_000);

test(`P2: kill -9 at random moments, then resume: nothing is lost and nothing is done twice (CAIRN_SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  const company = await freshCompany();
  try {
    // Killed again and again, each time a little later, until it gets through.
    let deaths = 0;
    let patienceMs = 150;
    let args = ['run', 'content-loop', '--yes'];
    for (let lives = 0; lives < 60; lives += 1) {
      const kill = (child: ChildProcess) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs + random.next() * 400);
        child.once('close', () => clearTimeout(timer));
      };
      const { code } = await cairn(company.folder, args, { onStart: kill });
      if (code === 0) break;
      deaths += 1;
      patienceMs += 60;
      const { runs } = await cairnJson<{ runs: { id: string }[] }>(company.folder, ['runs']);
      args = runs[0] ? ['resume', runs[0].id, '--yes'] : args;
    }
    expect(deaths).toBeGreaterThan(0);
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
