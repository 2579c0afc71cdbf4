import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitBytes, planRemovals, retentionOf, totalBytes } from './prune-plan.ts';
import type { LocalRun } from './prune-plan.ts';
import { limits } from '../base/limits.ts';

const dayMs = 24 * 60 * 60_000;
const nowMs = 1_000 * dayMs;
const retention = { days: 30, megabytes: 10, archiveDays: 365 };

function local(run: string, status: LocalRun['status'], daysOld: number, megabytes = 1): LocalRun {
  return { run, status, bytes: megabytes * 1_000_000, writtenAtMs: nowMs - daysOld * dayMs };
}

const plan = (runs: readonly LocalRun[]) =>
  planRemovals(runs, retention, nowMs).map(({ run, why }) => `${run} ${why}`);

describe('which folders may go', () => {
  it('are those of runs that ended longer ago than they are kept', () => {
    const runs = [
      local('new', 'succeeded', 29),
      local('done', 'succeeded', 31),
      local('stopped', 'stopped', 32),
      local('failed', 'failed', 33),
    ];
    expect(plan(runs)).toEqual(['failed age', 'stopped age', 'done age']);
  });

  it('are the oldest as well while all together are too large', () => {
    const runs = [local('c', 'succeeded', 1, 6), local('b', 'stopped', 2, 3), local('a', 'succeeded', 3, 2)];
    expect(plan(runs)).toEqual(['a size']);
    expect(plan([...runs, local('large', 'waiting', 0, 4)])).toEqual(['a size', 'b size']);
  });

  it('are not those of runs under way, waiting, unreadable, or failed lately, whatever they take up', () => {
    const runs = [
      local('running', 'running', 400, 100),
      local('waiting', 'waiting', 400, 100),
      local('unreadable', undefined, 400, 100),
      local('failed', 'failed', 29, 100),
    ];
    expect(plan(runs)).toEqual([]);
  });

  it('leave the folders below the limit, or nothing to go that may', () => {
    const status = fc.constantFrom('running', 'waiting', 'succeeded', 'stopped', 'failed', undefined);
    const run = fc.record({
      status,
      bytes: fc.nat(8_000_000),
      daysOld: fc.integer({ min: 0, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 30 }), (given) => {
        const runs = given.map(({ daysOld, ...rest }, at): LocalRun => {
          return { ...rest, run: String(at), writtenAtMs: nowMs - daysOld * dayMs };
        });
        const removed = new Set(planRemovals(runs, retention, nowMs).map((removal) => removal.run));
        const staying = runs.filter((one) => !removed.has(one.run));
        const mayGo = staying.filter((one) => one.status === 'succeeded' || one.status === 'stopped');
        expect(totalBytes(staying) <= limitBytes(retention) || mayGo.length === 0).toBe(true);
        for (const one of runs.filter(({ run: id }) => removed.has(id)))
          expect(['succeeded', 'stopped', 'failed']).toContain(one.status);
        const old = staying.filter((one) => one.status === 'failed' && nowMs - one.writtenAtMs > 30 * dayMs);
        expect(old).toEqual([]);
      }),
    );
  });
});

describe('retention', () => {
  it('is bounded without a policy, and as the policy says with one', () => {
    expect(retentionOf({ rules: [], budgets: {} })).toEqual(limits.retention);
    expect(retentionOf({ rules: [], budgets: {}, retention: { days: 3 } })).toEqual({
      ...limits.retention,
      days: 3,
    });
  });
});
