import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeftRuns } from './left-runs.ts';
import type { RunLook } from './cairn.ts';

describe('runs that were left', () => {
  const looks = new Map<string, RunLook>();
  let running: string[];
  let taken: string[];
  let errors: unknown[];
  /** What taking a run over leads to. */
  let afterwards: RunLook;
  let runs: LeftRuns;
  beforeEach(() => {
    vi.useFakeTimers();
    looks.clear();
    running = [];
    taken = [];
    errors = [];
    afterwards = 'idle';
    runs = new LeftRuns({
      candidates: () => running,
      look: async (run) => {
        if (run === 'broken') throw new Error('unreadable');
        return looks.get(run) ?? 'idle';
      },
      takeOver: (run) => {
        taken.push(run);
        looks.set(run, afterwards);
      },
      onError: (thrown) => errors.push(thrown),
    });
  });
  afterEach(() => {
    runs.dispose();
    vi.useRealTimers();
  });

  it('are taken over once, within two seconds', async () => {
    running = ['a', 'b'];
    looks.set('a', 'left');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taken).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(taken).toEqual(['a']);
  });

  it('are left to whoever takes them between two looks', async () => {
    running = ['a'];
    looks.set('a', 'left');
    await vi.advanceTimersByTimeAsync(500);
    looks.set('a', 'busy');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(taken).toEqual([]);
  });

  it('are found by a change when no list names them, also when somebody was still at them then', async () => {
    looks.set('ordered', 'busy');
    runs.add('ordered');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(taken).toEqual([]);
    looks.set('ordered', 'left');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taken).toEqual(['ordered']);
  });

  it('are found beside one that cannot be read', async () => {
    running = ['broken', 'a'];
    looks.set('a', 'left');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taken).toEqual(['a']);
    expect(errors).toContainEqual(new Error('unreadable'));
  });

  it('P10: are taken over ever more rarely when that does not help', async () => {
    running = ['a'];
    looks.set('a', 'left');
    afterwards = 'left';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(taken.length).toBeLessThanOrEqual(5);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(taken.length).toBeGreaterThan(8);
    expect(taken.length).toBeLessThan(24);
  });
});
