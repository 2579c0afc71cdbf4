import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeftRuns } from './left-runs.ts';

describe('runs that were left', () => {
  const left = new Set<string>();
  let running: string[];
  let taken: string[];
  let errors: unknown[];
  let runs: LeftRuns;
  beforeEach(() => {
    vi.useFakeTimers();
    left.clear();
    running = [];
    taken = [];
    errors = [];
    runs = new LeftRuns({
      candidates: () => running,
      isLeft: async (run) => {
        if (run === 'broken') throw new Error('unreadable');
        return left.has(run);
      },
      takeOver: (run) => {
        taken.push(run);
        left.delete(run);
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
    left.add('a');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taken).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(taken).toEqual(['a']);
  });

  it('are left to whoever takes them between two looks', async () => {
    running = ['a'];
    left.add('a');
    await vi.advanceTimersByTimeAsync(500);
    left.delete('a');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(taken).toEqual([]);
  });

  it('are found by a change when no list names them', async () => {
    left.add('ordered');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(taken).toEqual([]);
    runs.add('ordered');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taken).toEqual(['ordered']);
  });

  it('are found beside one that cannot be read', async () => {
    running = ['broken', 'a'];
    left.add('a');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taken).toEqual(['a']);
    expect(errors).toContainEqual(new Error('unreadable'));
  });
});
