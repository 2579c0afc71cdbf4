import { createHash } from 'node:crypto';
import { utimesSync } from 'node:fs';
import type { Ports } from './ports.ts';
import { OpenWaits } from './open-waits.ts';
import { RunReader } from './run-reader.ts';
import { TriggerRounds } from './trigger-rounds.ts';
import type { TriggerLook } from './trigger-rounds.ts';
import { CompanyMemory } from './company-memory.ts';
import { ManualClock } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import { openConnector } from '../connectors/open-connector.ts';
import type { RunState } from '../contracts/run.ts';
import type { TriggerHold } from '../contracts/trigger-state.ts';
import { hashedSpace } from '../memory/hashed-embedding.ts';
import { modelGateway } from '../models/gateway.ts';
import { MemoryVectorIndex } from '../vector/memory-vector-index.ts';
import { openCompanyFiles } from '../workspace/company-files.ts';
import { diffTexts } from '../workspace/git/diff-texts.ts';
import { openCompanyGit } from '../workspace/git/open-repository.ts';
import { withArchive } from '../workspace/archived-runs.ts';
import { openRunFolders } from '../workspace/run-folders.ts';
import { openRunStore } from '../workspace/run-store.ts';
import { openTriggerStore } from '../workspace/trigger-store.ts';
import { openWatchedFiles } from '../workspace/watched-files.ts';
import { GitSandbox } from '../../test/fixtures/git-sandbox.ts';

/** A real company in a temporary folder, whose clock a test moves by hand. */
export class TriggerCompany {
  readonly clock = new ManualClock();
  readonly sandbox: GitSandbox;
  readonly log: string[] = [];

  constructor(files: Readonly<Record<string, string>>) {
    this.sandbox = GitSandbox.create({ '.cairn/.gitignore': 'runs/\n', ...files });
  }

  /** The ports of a process that opens the company now. */
  async ports(): Promise<Ports> {
    const { root } = this.sandbox;
    const { clock } = this;
    const files = openCompanyFiles(root);
    const git = await openCompanyGit(root);
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const log = (line: string) => void this.log.push(line);
    const openVectors = async () => new MemoryVectorIndex(hashedSpace);
    return {
      files,
      ...git,
      runs: withArchive(openRunStore(root, { clock }), git.archive),
      folders: openRunFolders(root),
      pruneIsDue: async () => false,
      diff: diffTexts,
      triggers: openTriggerStore(root, clock),
      watched: openWatchedFiles(root),
      memory: new CompanyMemory({ files, clock, hash, log, openVectors }),
      model: modelGateway({ config: () => ({ provider: 'offline' }), apiKey: async () => '', clock }),
      connect: (id, config) => openConnector(id, config, root),
      secretOf: async () => undefined,
      clock,
      random: seededRandom(1),
      hash,
      log,
    };
  }

  /** Takes the triggers as a new process would. */
  async take(ports?: Ports): Promise<Keeper> {
    const own = ports ?? (await this.ports());
    const hold = await own.triggers.keep();
    if (hold === 'held') throw new Error('The triggers are held');
    return new Keeper(own, hold);
  }

  /** One look by a process that then ends. */
  async look(ports?: Ports): Promise<TriggerLook> {
    const keeper = await this.take(ports);
    try {
      return await keeper.look();
    } finally {
      await keeper.end();
    }
  }

  /** A file that was last written to some seconds ago by the company's clock. */
  put(path: string, text: string, secondsAgo = 60): void {
    this.sandbox.write(path, text);
    const at = new Date(this.clock.now() - secondsAgo * 1_000);
    utimesSync(this.sandbox.path(path), at, at);
  }

  /** The runs that have begun, oldest first. */
  async runs(): Promise<readonly RunState[]> {
    const { readings } = await new RunReader((await this.ports()).runs).readAll(500);
    return readings.map(({ state }) => state).toReversed();
  }

  async started(): Promise<readonly string[]> {
    return (await this.runs()).map(({ trigger }) => trigger).toSorted();
  }
}

export class Keeper {
  readonly #rounds: TriggerRounds;
  readonly #hold: TriggerHold;
  readonly #waits: OpenWaits;

  constructor(ports: Ports, hold: TriggerHold) {
    this.#hold = hold;
    const reader = new RunReader(ports.runs);
    this.#waits = new OpenWaits(ports, reader);
    this.#rounds = new TriggerRounds(ports, reader, hold, this.#waits);
  }

  look(): Promise<TriggerLook> {
    return this.#rounds.look();
  }

  end(): Promise<void> {
    this.#waits.dispose();
    return this.#hold.release();
  }
}
