import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../base/clock.ts';
import { takeTurn } from './turn.ts';

describe('a turn', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-turn-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is due at first, then once the time is over, and when the clock was put back', async () => {
    const clock = new ManualClock();
    const turn = () => takeTurn({ file: join(folder, 'cache', 'pruned'), everyMs: 60_000, clock });
    expect([await turn(), await turn()]).toEqual([true, false]);
    clock.advance(59_000);
    expect(await turn()).toBe(false);
    clock.advance(2_000);
    expect([await turn(), await turn()]).toEqual([true, false]);
    clock.advance(-600_000);
    expect(await turn()).toBe(true);
  });

  it('says what is in the way of its file', async () => {
    await writeFile(join(folder, 'cache'), '');
    const turn = takeTurn({
      file: join(folder, 'cache', 'pruned'),
      everyMs: 60_000,
      clock: new ManualClock(),
    });
    await expect(turn).rejects.toMatchObject({ failure: { code: 'file.failed' } });
  });
});
