import type { MemorySearch } from './company-memory.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { RunArchive, RunFolders } from '../contracts/archive.ts';
import type { Connector, ConnectorConfig, SecretOf } from '../contracts/connector.ts';
import type { ModelProvider } from '../contracts/model.ts';
import type { Repository } from '../contracts/repository.ts';
import type { RunStore } from '../contracts/runs.ts';
import type { SpendingCache } from '../contracts/spending.ts';
import type { TriggerStore, WatchedFiles } from '../contracts/trigger-state.ts';
import type { CompanyFiles } from '../workspace/company-files.ts';

/** All that the use cases need of the world. `assemble.ts` is the only place that makes one. */
export interface Ports {
  readonly files: CompanyFiles;
  readonly repository: Repository;
  /** Those that have no folder are read from their archive. */
  readonly runs: RunStore;
  readonly archive: RunArchive;
  readonly folders: RunFolders;
  /** Whether old runs were not looked for since a day ago; true once. */
  readonly pruneIsDue: () => Promise<boolean>;
  readonly triggers: TriggerStore;
  readonly watched: WatchedFiles;
  readonly memory: MemorySearch;
  readonly model: ModelProvider;
  readonly connect: (id: string, config: ConnectorConfig) => Connector;
  readonly secretOf: SecretOf;
  /** Nothing where none is kept: then what runs have spent is read anew by each process. */
  readonly spendingCache?: SpendingCache | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** SHA-256 as lower-case hex. */
  readonly hash: (text: string) => string;
  /** A unified diff of texts by path, for people. */
  readonly diff: (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) => Promise<string>;
  readonly log: (line: string) => void;
}
