import { describe, expect, it, vi } from 'vitest';
import { RunExecutor } from './run-executor.ts';
import type { Driven } from './cairn.ts';
import { limits } from '../base/limits.ts';

function executor() {
  const listeners = { onChange: vi.fn(), onRest: vi.fn(), onError: vi.fn() };
  return { listeners, executor: new RunExecutor(listeners) };
}

/** Runs whose execution ends when the test says so. */
function drives() {
  const ends: ((driven: Driven) => void)[] = [];
  const driveRun = vi.fn(
    (_run: string, signal: AbortSignal) =>
      new Promise<Driven>((resolve) => {
        ends.push(resolve);
        signal.addEventListener('abort', () => resolve('interrupted'));
      }),
  );
  return { driveRun, end: (driven: Driven) => ends.shift()?.(driven) };
}

describe('RunExecutor', () => {
  it('executes a run once at a time, and once more when it was asked for meanwhile', async () => {
    const { executor: one, listeners } = executor();
    const cairn = drives();
    const done = one.drive(cairn, 'a');
    void one.drive(cairn, 'a');
    expect(cairn.driveRun).toHaveBeenCalledTimes(1);
    cairn.end('waiting');
    await vi.waitFor(() => expect(cairn.driveRun).toHaveBeenCalledTimes(2));
    cairn.end('ended');
    await done;
    expect(listeners.onRest.mock.calls).toEqual([['a', 'ended']]);
    expect(one.driving).toEqual([]);
  });

  it('executes different runs side by side', () => {
    const { executor: one } = executor();
    const cairn = drives();
    void one.drive(cairn, 'a');
    void one.drive(cairn, 'b');
    expect(one.driving).toEqual(['a', 'b']);
  });

  it('executes so many at once, the others in their turn, and none of those once it is disposed', async () => {
    const { executor: one } = executor();
    const cairn = drives();
    const runs = Array.from({ length: limits.runsInParallel + 2 }, (_, i) => `run-${i}`);
    for (const run of runs) void one.drive(cairn, run);
    expect(cairn.driveRun).toHaveBeenCalledTimes(limits.runsInParallel);
    cairn.end('waiting');
    await vi.waitFor(() => expect(cairn.driveRun).toHaveBeenCalledTimes(limits.runsInParallel + 1));
    await one.dispose(1000);
    expect([one.driving, cairn.driveRun.mock.calls.length]).toEqual([[], limits.runsInParallel + 1]);
  });

  it('tells of a failure and can execute the run again', async () => {
    const { executor: one, listeners } = executor();
    const driveRun = vi
      .fn<() => Promise<Driven>>()
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue('waiting');
    await one.drive({ driveRun }, 'a');
    await one.drive({ driveRun }, 'a');
    expect([listeners.onError.mock.calls.length, listeners.onRest.mock.calls]).toEqual([
      1,
      [['a', 'waiting']],
    ]);
  });

  it('lets go of its runs when disposed, and takes no others', async () => {
    const { executor: one } = executor();
    const cairn = drives();
    void one.drive(cairn, 'a');
    await one.dispose(1000);
    await one.drive(cairn, 'b');
    expect([one.driving, cairn.driveRun.mock.calls.length]).toEqual([[], 1]);
  });

  it('does not wait for ever for a run that does not let go', async () => {
    const { executor: one } = executor();
    void one.drive({ driveRun: () => new Promise<Driven>(() => undefined) }, 'a');
    await one.dispose(5);
    expect(one.driving).toEqual(['a']);
  });
});
