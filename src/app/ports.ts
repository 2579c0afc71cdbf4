import type { MemorySearch } from './company-memory.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Connector, ConnectorConfig } from '../contracts/connector.ts';
import type { ModelProvider } from '../contracts/model.ts';
import type { Repository } from '../contracts/repository.ts';
import type { RunStore } from '../contracts/runs.ts';
import type { CompanyFiles } from '../workspace/company-files.ts';

/** All that the use cases need of the world. `assemble.ts` is the only place that makes one. */
export interface Ports {
  readonly files: CompanyFiles;
  readonly repository: Repository;
  readonly runs: RunStore;
  readonly memory: MemorySearch;
  readonly model: ModelProvider;
  readonly connect: (id: string, config: ConnectorConfig) => Connector;
  readonly clock: Clock;
  readonly random: Random;
  /** SHA-256 as lower-case hex. */
  readonly hash: (text: string) => string;
  /** A unified diff of texts by path, for people. */
  readonly diff: (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) => Promise<string>;
  readonly log: (line: string) => void;
}
