import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { parseJson } from './parse-json.ts';

export const lockFolder = 'lock';

/** A holder on another host cannot be asked; it is gone when it has not touched its lock for so long. */
export const silentHostMs = 60_000;
const touchEveryMs = 10_000;
const takeAttempts = 8;
/** How systems refuse to rename over a folder that holds something; Windows names no clear reason. */
const isTaken = new Set(['EEXIST', 'ENOTEMPTY']);
const mayBeTaken = new Set(['EPERM', 'EACCES']);

const ownerSchema = z.strictObject({ pid: z.number().int(), started: z.string(), host: z.string() });

interface Holder {
  readonly token: string;
  readonly touchedAtMs: number;
  /** Nothing when the file cannot be read, as after a loss of power. */
  readonly identity: ProcessIdentity | undefined;
}

/**
 * The lock of one run: a folder `lock` that holds one file, named by the holder's token. A folder
 * with a file in it cannot be renamed over, on any system, so exactly one taker wins; a dead holder
 * is removed by its token, so that never a newer one is removed in its place.
 */
export class RunLock {
  readonly #folder: string;
  readonly #token: string;
  readonly #touching: NodeJS.Timeout;

  private constructor(folder: string, token: string, clock: Clock) {
    this.#folder = folder;
    this.#token = token;
    // Losing the lock shows at the next write; here it is no failure.
    const keepTouching = () => void touch(join(folder, token), clock).catch(() => undefined);
    this.#touching = setInterval(keepTouching, touchEveryMs).unref();
  }

  /** Takes the lock for this process; nothing when a living one has it. Throws `company.read-only`, `file.failed`. */
  static async take(runFolder: string, clock: Clock): Promise<RunLock | undefined> {
    const token = randomUUID();
    const candidate = join(runFolder, `.${lockFolder}-${token}`);
    const folder = join(runFolder, lockFolder);
    const own = await ownIdentity();
    try {
      await mkdir(candidate);
      await writeFile(join(candidate, token), JSON.stringify(own));
      await touch(join(candidate, token), clock);
      if (await contend({ candidate, folder, own, clock })) return new RunLock(folder, token, clock);
    } catch (thrown) {
      throw runFailures.fileFailed('written', folder, thrown);
    } finally {
      await rm(candidate, { recursive: true, force: true });
    }
    return undefined;
  }

  /** Whether a living process has the run. */
  static async isHeld(runFolder: string, clock: Clock): Promise<boolean> {
    const holder = await readHolder(join(runFolder, lockFolder));
    return holder !== undefined && (await isHeld(holder, await ownIdentity(), clock));
  }

  /** The living process that has the lock. */
  static async holder(runFolder: string, clock: Clock): Promise<{ readonly pid: number } | undefined> {
    const holder = await readHolder(join(runFolder, lockFolder));
    if (!holder?.identity || !(await isHeld(holder, await ownIdentity(), clock))) return undefined;
    return { pid: holder.identity.pid };
  }

  /** Synchronous, at the cost of one `stat`, so that nothing happens between this check and what follows it. */
  readonly isOurs = (): boolean => {
    return statSync(join(this.#folder, this.#token), { throwIfNoEntry: false }) !== undefined;
  };

  async release(): Promise<void> {
    clearInterval(this.#touching);
    await removeHolder(this.#folder, this.#token);
  }
}

interface Contest {
  readonly candidate: string;
  readonly folder: string;
  readonly own: ProcessIdentity;
  readonly clock: Clock;
}

async function contend({ candidate, folder, own, clock }: Contest): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(candidate, folder);
      return true;
    } catch (thrown) {
      const code = codeOf(thrown);
      if (!isTaken.has(code) && !mayBeTaken.has(code)) throw thrown;
      const holder = await readHolder(folder);
      if (holder && (await isHeld(holder, own, clock))) return false;
      if (attempt === takeAttempts && isTaken.has(code)) return false;
      if (attempt === takeAttempts) throw thrown;
      await removeHolder(folder, holder?.token);
    }
  }
}

async function isHeld(
  { identity, touchedAtMs }: Holder,
  own: ProcessIdentity,
  clock: Clock,
): Promise<boolean> {
  if (identity?.host === own.host) return await isAlive(identity, own);
  return clock.now() - touchedAtMs < silentHostMs;
}

async function readHolder(folder: string): Promise<Holder | undefined> {
  const [token] = await readdir(folder).catch(() => []);
  if (token === undefined) return undefined;
  try {
    const path = join(folder, token);
    const { mtimeMs } = await stat(path);
    const read = ownerSchema.safeParse(parseJson(await readFile(path, 'utf8')));
    return { token, touchedAtMs: mtimeMs, identity: read.success ? read.data : undefined };
  } catch {
    return undefined;
  }
}

/** Leaves the folder alone when another holder is in it by now. */
async function removeHolder(folder: string, token: string | undefined): Promise<void> {
  if (token !== undefined) await unlink(join(folder, token)).catch(() => undefined);
  await rmdir(folder).catch(() => undefined);
}

async function touch(path: string, clock: Clock): Promise<void> {
  const at = new Date(clock.now());
  await utimes(path, at, at);
}
