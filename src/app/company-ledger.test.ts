import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompanyLedger } from './company-ledger.ts';
import { companyQuestion, reserveFor } from './company-spending.ts';
import { ManualClock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Attempt, RunState } from '../contracts/run.ts';
import type { RunStore } from '../contracts/runs.ts';
import type { Step } from '../contracts/workflow.ts';
import { memoryRunStore } from '../workspace/memory-run-store.ts';
import { openSpendingCache } from '../workspace/spending-cache.ts';
import { loopSteps, runState, startOf } from '../../test/fixtures/recorded-run.ts';

const clock = new ManualClock(new Date(2026, 2, 20, 12).getTime());
const place = { step: 'draft', attempt: 1 } as const;
const [draft] = loopSteps;
if (draft?.kind !== 'agent') throw new Error('The first step is no agent’s');

let store: RunStore;
let reads: string[];
let root: string;
beforeEach(async () => {
  const runs = memoryRunStore({ clock });
  reads = [];
  store = Object.assign(Object.create(runs) as RunStore, {
    list: () => runs.list(),
    stamp: (run: string) => runs.stamp(run),
    lease: (run: string) => runs.lease(run),
    create: (run: string) => runs.create(run),
    read: (run: string) => {
      reads.push(run);
      return runs.read(run);
    },
  });
  root = await mkdtemp(join(tmpdir(), 'cairn-ledger-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function spend(run: string, usd: number, ...then: RunEvent[]): Promise<void> {
  await store.create(run);
  const lease = await store.lease(run);
  if (lease === 'held') throw new Error('held');
  const data = { input: {}, output: {}, cost: { ...noCost, usd }, sources: [] };
  await lease.journal.append([
    startOf(loopSteps),
    { type: 'step.started', ...place, data: { key: 'k' } },
    { type: 'step.completed', ...place, data },
    ...then,
  ]);
  await lease.release();
}

function stateOf(id: string, usd: number): RunState {
  const state = runState();
  return {
    ...state,
    id,
    definition: { ...state.definition, policy: { rules: [], budgets: { day: { usd } } } },
  };
}

async function asked(ledger: CompanyLedger, state: RunState): Promise<string | undefined> {
  const wait = await companyQuestion({ clock }, ledger, state, 'draft');
  return wait?.for === 'answer' ? wait.question : undefined;
}

function attempt(state: RunState, step: Step = draft as Step) {
  const made: Attempt = { number: 1, key: `${state.id}/draft/1`, startedAtMs: 0, cost: noCost };
  return { state, step, attempt: made };
}

test('P10: every run of the period counts, however many there are', async () => {
  const runs = Array.from(
    { length: limits.runsListed + 20 },
    (_, i) => `20260320-loop-${String(i).padStart(4, '0')}`,
  );
  for (const run of runs) await spend(run, 1);
  const question = await asked(new CompanyLedger(store), stateOf('own', runs.length));
  expect(question).toBe(`Today the company has spent $${runs.length}.00 of $${runs.length}.00. Go on?`);
  expect(await asked(new CompanyLedger(store), stateOf('own', runs.length + 1))).toBeUndefined();
});

test('only runs that have changed are read again; those that are over by no other process either', async () => {
  await spend('20260320-loop-a', 1, { type: 'run.completed', data: {} });
  await spend('20260320-loop-b', 1);
  const cache = () => openSpendingCache(root, () => undefined);
  const ledger = new CompanyLedger(store, cache());
  await asked(ledger, stateOf('own', 9));
  reads = [];
  await spend('20260320-loop-c', 1);
  await asked(ledger, stateOf('own', 9));
  expect(reads).toEqual(['20260320-loop-c']);
  reads = [];
  expect(await asked(new CompanyLedger(store, cache()), stateOf('own', 3))).toContain('$3.00 of $3.00');
  expect(reads.toSorted()).toEqual(['20260320-loop-b', '20260320-loop-c']);
  await writeFile(join(root, '.cairn/cache/spending.json'), '{"x": 1');
  expect(await asked(new CompanyLedger(store, cache()), stateOf('own', 3))).toContain('$3.00 of $3.00');
  expect(await readFile(join(root, '.cairn/cache/spending.json'), 'utf8')).toContain('20260320-loop-a');
});

test('attempts that begin at once do not spend the same remainder', async () => {
  await spend('20260320-loop-a', 3);
  const ledger = new CompanyLedger(store);
  const [first, second] = [stateOf('first', 5), stateOf('second', 5)];
  expect(await asked(ledger, first)).toBeUndefined();
  reserveFor(ledger, attempt(first, { ...draft, budget: { usd: 2 } }));
  expect(await asked(ledger, second)).toBe(
    'Today the company has spent $3.00 of $5.00, and what remains is reserved by attempts under way. Go on?',
  );
  // It has cost less than it might have, so there is something left for the others.
  ledger.settle('first/draft/1', { ...noCost, usd: 1 });
  expect(await asked(ledger, second)).toBeUndefined();
  await spend('first', 1);
  expect(await asked(ledger, stateOf('second', 4))).toContain('$4.00 of $4.00. Go on?');
});

test('what no budget of its own bounds reserves what an attempt costs on average, an interrupted one nothing', async () => {
  await spend('20260320-loop-a', 3);
  await spend('20260320-loop-b', 1);
  const ledger = new CompanyLedger(store);
  const [first, second] = [stateOf('first', 6), stateOf('second', 6)];
  expect(await asked(ledger, first)).toBeUndefined();
  reserveFor(ledger, attempt(first));
  expect(await asked(ledger, second)).toContain('is reserved');
  ledger.settle('first/draft/1', undefined);
  expect(await asked(ledger, second)).toBeUndefined();
});
