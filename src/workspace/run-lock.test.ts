import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../base/clock.ts';
import { ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { lockFolder, RunLock, silentHostMs } from './run-lock.ts';

describe('the lock of a run', () => {
  const clock = new ManualClock();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Leaves the lock of some other holder, last touched so long ago. */
  async function leaveLock(content: string, ageMs: number): Promise<void> {
    const file = join(folder, lockFolder, 'other-token');
    await mkdir(join(folder, lockFolder));
    await writeFile(file, content);
    const at = new Date(clock.now() - ageMs);
    await utimes(file, at, at);
  }

  async function leaveLockOf(identity: Partial<ProcessIdentity>, ageMs = 0): Promise<void> {
    await leaveLock(JSON.stringify({ ...(await ownIdentity()), ...identity }), ageMs);
  }

  async function take(): Promise<RunLock | undefined> {
    const lock = await RunLock.take(folder, clock);
    if (lock) onTestFinished(() => lock.release());
    return lock;
  }

  it('leaves nothing behind, taken in vain or released', async () => {
    const lock = await take();
    expect(await take()).toBeUndefined();
    expect(await readdir(folder)).toEqual([lockFolder]);
    await lock?.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('says who holds it', async () => {
    await take();
    const [token = ''] = await readdir(join(folder, lockFolder));
    const owner: unknown = JSON.parse(await readFile(join(folder, lockFolder, token), 'utf8'));
    expect(owner).toEqual(await ownIdentity());
  });

  it('falls when its process is gone', async () => {
    await leaveLockOf({ pid: 2 ** 30 });
    expect(await take()).toBeDefined();
  });

  it('falls when its process number belongs to a later process', async () => {
    await leaveLockOf({ started: 'another time' });
    expect(await take()).toBeDefined();
  });

  it('stands while its process lives, however long it was silent', async () => {
    await leaveLockOf({}, 10 * silentHostMs);
    expect(await take()).toBeUndefined();
  });

  it('stands while another host touches it, and falls when that host is silent', async () => {
    await leaveLockOf({ host: 'elsewhere' }, silentHostMs - 1_000);
    expect(await take()).toBeUndefined();
    clock.advance(2_000);
    expect(await take()).toBeDefined();
  });

  it('falls after a while when nobody can read who holds it', async () => {
    await leaveLock('', silentHostMs - 1_000);
    expect(await take()).toBeUndefined();
    clock.advance(2_000);
    expect(await take()).toBeDefined();
  });

  it('tells its holder when it was taken over', async () => {
    const lock = await take();
    expect(lock?.isOurs()).toBe(true);
    await rm(join(folder, lockFolder), { recursive: true });
    await leaveLockOf({});
    expect(lock?.isOurs()).toBe(false);
    await lock?.release();
    expect(await readdir(join(folder, lockFolder))).toEqual(['other-token']);
  });
});
