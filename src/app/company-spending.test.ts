import { expect, test } from 'vitest';
import { companyQuestion } from './company-spending.ts';
import { CompanyLedger } from './company-ledger.ts';
import { ManualClock } from '../base/clock.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Policy } from '../contracts/policy.ts';
import { memoryRunStore } from '../workspace/memory-run-store.ts';
import { loopSteps, runState, startOf } from '../../test/fixtures/recorded-run.ts';

const day = 86_400_000;

/** A company in which runs have spent `usd` each, so many days ago. */
async function question(
  spent: readonly { readonly usd: number; readonly daysAgo: number }[],
  budgets: Policy['budgets'],
) {
  const now = new Date(2026, 2, 20, 12).getTime();
  const clock = new ManualClock(now);
  const runs = memoryRunStore({ clock });
  for (const [i, { usd, daysAgo }] of spent.entries()) {
    clock.advance(now - daysAgo * day - clock.now());
    const run = `20260301-loop-aaa${i}`;
    await runs.create(run);
    const lease = await runs.lease(run);
    if (lease === 'held') throw new Error('held');
    await lease.journal.append([
      startOf(loopSteps),
      { type: 'step.started', step: 'draft', attempt: 1, data: { key: 'k' } },
      {
        type: 'step.completed',
        step: 'draft',
        attempt: 1,
        data: { input: {}, output: {}, cost: { ...noCost, usd }, sources: [] },
      },
    ]);
    await lease.release();
  }
  clock.advance(now - clock.now());
  const state = runState();
  const definition = { ...state.definition, policy: { rules: [], budgets } };
  const wait = await companyQuestion({ clock }, new CompanyLedger(runs), { ...state, definition }, 'draft');
  return wait?.for === 'answer' ? wait.question : undefined;
}

test('P10: what all runs have spent today counts for the day, and what they have this month for the month', async () => {
  const spent = [
    { usd: 3, daysAgo: 0 },
    { usd: 2, daysAgo: 0 },
    { usd: 10, daysAgo: 5 },
    { usd: 100, daysAgo: 30 },
  ];
  expect(await question(spent, { day: { usd: 5 } })).toBe(
    'Today the company has spent $5.00 of $5.00. Go on?',
  );
  expect(await question(spent, { day: { usd: 6 } })).toBeUndefined();
  expect(await question(spent, { month: { usd: 15 } })).toBe(
    'This month the company has spent $15.00 of $15.00. Go on?',
  );
  expect(await question(spent, { month: { usd: 16 } })).toBeUndefined();
});

test('without such a budget no run is read', async () => {
  expect(await question([{ usd: 3, daysAgo: 0 }], { run: { usd: 1 } })).toBeUndefined();
});
