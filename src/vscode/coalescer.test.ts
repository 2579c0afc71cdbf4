import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Coalescer } from './coalescer.ts';

describe('Coalescer', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('does many requests as one', async () => {
    const job = vi.fn(async () => undefined);
    const coalescer = new Coalescer(job, 100, () => undefined);
    for (let i = 0; i < 10; i += 1) coalescer.request();
    await vi.advanceTimersByTimeAsync(500);
    expect(job).toHaveBeenCalledTimes(1);
  });

  it('does the job once more for requests that arrive while it is under way, never twice at once', async () => {
    let busy = 0;
    let most = 0;
    const job = vi.fn(async () => {
      busy += 1;
      most = Math.max(most, busy);
      await new Promise((resolve) => setTimeout(resolve, 50));
      busy -= 1;
    });
    const coalescer = new Coalescer(job, 10, () => undefined);
    coalescer.request();
    await vi.advanceTimersByTimeAsync(20);
    coalescer.request();
    coalescer.request();
    await vi.advanceTimersByTimeAsync(500);
    expect([job.mock.calls.length, most]).toEqual([2, 1]);
  });

  it('goes on after a job that failed, and tells of it', async () => {
    const onError = vi.fn();
    const job = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValue(undefined);
    const coalescer = new Coalescer(job, 10, onError);
    coalescer.request();
    await vi.advanceTimersByTimeAsync(20);
    coalescer.request();
    await vi.advanceTimersByTimeAsync(20);
    expect([job.mock.calls.length, onError.mock.calls.length]).toEqual([2, 1]);
  });

  it('does nothing any more once disposed', async () => {
    const job = vi.fn(async () => undefined);
    const coalescer = new Coalescer(job, 10, () => undefined);
    coalescer.request();
    coalescer.dispose();
    coalescer.request();
    await vi.advanceTimersByTimeAsync(100);
    expect(job).not.toHaveBeenCalled();
  });
});
