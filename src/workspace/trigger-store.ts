import { readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Failure } from '../base/failure.ts';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import { triggerFailures } from '../base/failures/triggers.ts';
import { companyPaths } from '../contracts/company.ts';
import {
  triggerStateSchema,
  type TriggerHold,
  type TriggerState,
  type TriggerStore,
} from '../contracts/trigger-state.ts';
import { ensureFolder, writeFileAtomic } from './atomic-file.ts';
import { parseJson } from './parse-json.ts';
import { RunLock } from './run-lock.ts';
import { runsFolder } from './run-paths.ts';

/** Beside the runs, and no run: its name begins with a dot. */
const triggersFolder = '.triggers';
const ending = '.json';

/** What triggers remember: a file each in `.cairn/runs/.triggers`, with the lock of the process that keeps them. */
export function openTriggerStore(companyRoot: string, clock: Clock): TriggerStore {
  const folder = join(runsFolder(companyRoot), triggersFolder);
  return {
    keep: async () => {
      await ensureFolder(folder);
      const lock = await RunLock.take(folder, clock);
      if (!lock) return 'held';
      try {
        return await DiskHold.open(folder, lock, clock);
      } catch (thrown) {
        await lock.release();
        throw thrown;
      }
    },
    keeper: () => RunLock.holder(folder, clock),
    read: async () => (await readStates(folder)).states,
  };
}

class DiskHold implements TriggerHold {
  readonly damaged: readonly Failure[];
  readonly #folder: string;
  readonly #lock: RunLock;
  readonly #states: Map<string, TriggerState>;

  private constructor(
    folder: string,
    lock: RunLock,
    read: { states: Map<string, TriggerState>; damaged: readonly Failure[] },
  ) {
    this.#folder = folder;
    this.#lock = lock;
    this.#states = read.states;
    this.damaged = read.damaged;
  }

  static async open(folder: string, lock: RunLock, clock: Clock): Promise<DiskHold> {
    const { states, unreadable } = await readStates(folder);
    const damaged: Failure[] = [];
    for (const name of unreadable) damaged.push(await setAside(folder, name, clock));
    return new DiskHold(folder, lock, { states, damaged });
  }

  /** Read once: nobody else writes them while this process keeps them. */
  get states(): ReadonlyMap<string, TriggerState> {
    return this.#states;
  }

  isOurs(): boolean {
    return this.#lock.isOurs();
  }

  async put(id: string, state: TriggerState): Promise<void> {
    if (!this.isOurs()) throw triggerFailures.notKept();
    await writeFileAtomic(join(this.#folder, `${id}${ending}`), JSON.stringify(state), { durable: true });
    this.#states.set(id, state);
  }

  async drop(id: string): Promise<void> {
    if (!this.isOurs()) throw triggerFailures.notKept();
    await unlink(join(this.#folder, `${id}${ending}`)).catch(unlessMissing);
    this.#states.delete(id);
  }

  async release(): Promise<void> {
    await this.#lock.release();
  }
}

async function readStates(folder: string) {
  const states = new Map<string, TriggerState>();
  const unreadable: string[] = [];
  for (const name of await stateFiles(folder)) {
    const text = await readFile(join(folder, name), 'utf8').catch(unlessMissing);
    if (text === undefined) continue;
    const read = triggerStateSchema.safeParse(parseJson(text));
    if (read.success) states.set(name.slice(0, -ending.length), read.data);
    else unreadable.push(name);
  }
  return { states, unreadable };
}

/** Half-written files of a dead process, those set aside and the lock are no states. */
async function stateFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(unlessMissing)) ?? [];
  return names.filter((name) => /^[0-9a-f]+\.json$/.test(name)).toSorted();
}

async function setAside(folder: string, name: string, clock: Clock): Promise<Failure> {
  const aside = `${name}.damaged-${clock.now()}`;
  await rename(join(folder, name), join(folder, aside));
  return triggerFailures.stateDamaged({ file: `${companyPaths.runs}/${triggersFolder}/${name}` }, aside);
}

function unlessMissing(thrown: unknown): undefined {
  if (codeOf(thrown) !== 'ENOENT') throw runFailures.fileFailed('read', triggersFolder, thrown);
}
