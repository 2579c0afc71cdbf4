import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveEnded } from './archive-ended.ts';
import type { Cairn } from './cairn.ts';
import { checkCompany } from './check-company.ts';
import { CompanyLedger } from './company-ledger.ts';
import { CompanyMemory } from './company-memory.ts';
import { decide } from './decide.ts';
import { guardedConnect, guardedModel } from './guarded-calls.ts';
import { driveRun } from './drive-run.ts';
import { examine } from './examine.ts';
import { findProposal } from './find-proposal.ts';
import { findLeft, lookAtRun } from './find-left.ts';
import { forkRun } from './fork-run.ts';
import { listProposals } from './list-proposals.ts';
import { loadWorkflows, workflowPath } from './load-definition.ts';
import { migrateRun, planMigration } from './migrate-run.ts';
import { answerStep, retryRun, showInput, signalRun, skipStep, stopRun, takeStep } from './order-run.ts';
import type { Ports } from './ports.ts';
import { prune } from './prune.ts';
import { replay } from './replay-run.ts';
import { restoreRun } from './restore-run.ts';
import { revert } from './revert.ts';
import { keepTriggers, lookAtTriggers } from './keep-triggers.ts';
import { listSecrets } from './connector-secrets.ts';
import { listTriggers } from './list-triggers.ts';
import { RunReader } from './run-reader.ts';
import { startRun } from './start-run.ts';
import { tendRuns } from './tend-runs.ts';
import { summarizeProposal, summarizeRun } from './summaries.ts';
import { systemClock } from '../base/clock.ts';
import { describeFailure } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import { limits } from '../base/limits.ts';
import { systemRandom } from '../base/random.ts';
import { openConnector } from '../connectors/open-connector.ts';
import { companyPaths } from '../contracts/company.ts';
import type { SecretOf } from '../contracts/connector.ts';
import type { ModelProvider } from '../contracts/model.ts';
import { current } from '../engine/gates.ts';
import { stepDetailOf } from '../insight/step-detail.ts';
import { timelineOf } from '../insight/timeline.ts';
import { hashedSpace } from '../memory/hashed-embedding.ts';
import { MemoryVectorIndex } from '../vector/memory-vector-index.ts';
import { openVectraIndex } from '../vector/vectra-index.ts';
import { withheldArchive, withheldRepository } from './withheld-repository.ts';
import { withArchive } from '../workspace/archived-runs.ts';
import { openCompanyFiles } from '../workspace/company-files.ts';
import { diffTexts } from '../workspace/git/diff-texts.ts';
import { openCompanyGit } from '../workspace/git/open-repository.ts';
import { openRunFolders } from '../workspace/run-folders.ts';
import { openRunStore } from '../workspace/run-store.ts';
import { takeTurn } from '../workspace/turn.ts';
import { openSpendingCache } from '../workspace/spending-cache.ts';
import { openTriggerStore } from '../workspace/trigger-store.ts';
import { openWatchedFiles } from '../workspace/watched-files.ts';

export interface OpenOptions {
  /** Whether git and agents may run. Otherwise runs and notes can be read, and everything else throws `company.untrusted`. */
  readonly trusted: boolean;
  readonly model: ModelProvider;
  /** Where the values of the secrets that connectors name come from. */
  readonly secretOf: SecretOf;
  readonly log: (line: string) => void;
}

/** Opens a company. The only place where ports meet adapters. Throws `company.missing`, `git.*`. */
export async function openCairn(root: string, options: OpenOptions): Promise<Cairn> {
  const home = await stat(join(root, companyPaths.home)).catch(() => undefined);
  if (!home?.isDirectory()) throw appFailures.companyMissing(root);
  return cairnOf(await openPorts(root, options));
}

async function openPorts(root: string, { trusted, model, secretOf, log }: OpenOptions): Promise<Ports> {
  const files = openCompanyFiles(root);
  const clock = systemClock;
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const memory = new CompanyMemory({
    files,
    clock,
    hash,
    log,
    openVectors: async () => {
      if (!trusted) return new MemoryVectorIndex(hashedSpace);
      const { index, found } = await openVectraIndex(join(root, companyPaths.index, 'vectors'), hashedSpace);
      if (found === 'damaged' || found === 'foreign')
        log(`The vector index was ${found}; it is made whole from the notes.`);
      return index;
    },
  });
  const git = trusted
    ? await openCompanyGit(root)
    : { repository: withheldRepository(root), archive: withheldArchive() };
  const here = openRunStore(root, { clock, onProblem: (failure) => log(describeFailure(failure)) });
  const pruned = join(root, companyPaths.cache, 'pruned');
  return {
    files,
    ...git,
    runs: withArchive(here, git.archive),
    folders: openRunFolders(root),
    pruneIsDue: () => takeTurn({ file: pruned, everyMs: limits.pruneEveryMs, clock }),
    triggers: openTriggerStore(root, clock),
    watched: openWatchedFiles(root),
    memory,
    model: guardedModel(model),
    connect: guardedConnect((id, config) => openConnector(id, config, root, secretOf)),
    secretOf,
    spendingCache: openSpendingCache(root, log),
    clock,
    random: systemRandom,
    hash,
    diff: trusted ? diffTexts : () => Promise.reject(appFailures.untrusted()),
    log,
  };
}

/** What is done about a run besides driving it. */
function orderingOf(
  ports: Ports,
  reader: RunReader,
): Pick<
  Cairn,
  | 'retryRun'
  | 'skipStep'
  | 'takeStep'
  | 'showInput'
  | 'stopRun'
  | 'answer'
  | 'signal'
  | 'forkRun'
  | 'replayRun'
  | 'planMigration'
  | 'migrateRun'
> {
  return {
    retryRun: (run, retry = {}) => retryRun(ports, reader, run, retry),
    takeStep: (run, step) => takeStep(ports, reader, run, step),
    skipStep: (run, skip) => skipStep(ports, reader, run, skip),
    showInput: (run, step) => showInput(reader, run, step),
    stopRun: (run) => stopRun(ports, reader, run),
    answer: (run, answer) => answerStep(ports, reader, run, answer),
    signal: (run, signal) => signalRun(ports, reader, run, signal),
    forkRun: (request) => forkRun(ports, reader, request),
    replayRun: (run) => replay(reader, run),
    planMigration: (run) => planMigration(ports, reader, run),
    migrateRun: (run, signal) => migrateRun(ports, reader, run, signal),
  };
}

function cairnOf(ports: Ports): Cairn {
  const reader = new RunReader(ports.runs);
  return {
    ...keepingOf(ports, reader),
    ...orderingOf(ports, reader),
    root: ports.repository.root,
    onDidChangeRun: (listener, only) => ports.runs.watch(listener, only),
    listWorkflows: async () => {
      const { items, problems } = await loadWorkflows(ports.files);
      const workflows = items.map(({ id, name, description, inputs }) => {
        return { id, name, description, inputs, path: workflowPath(id) };
      });
      return { workflows, problems };
    },
    checkCompany: () => checkCompany(ports),
    startRun: (request) => startRun(ports, request),
    findLeft: () => findLeft(ports, reader),
    lookAtRun: (run) => lookAtRun(ports, reader, run),
    findRun: (part) => reader.find(part),
    listRuns: async () => {
      const { readings, problems } = await reader.readAll(limits.runsListed);
      const runs = readings.map((reading) => summarizeRun(ports, reading));
      return { runs: await Promise.all(runs), problems };
    },
    showRun: async (run) => (await reader.read(run)).state,
    showJournal: async (run) => (await reader.readWhole(run)).records,
    showTimeline: async (run) => {
      const { state, records } = await reader.readWhole(run);
      return timelineOf(state, records);
    },
    showStep: async (run, step) => {
      const { state, records } = await reader.readWhole(run);
      const detail = stepDetailOf(state, records, step);
      if (!detail) throw appFailures.stepMissing(run, step);
      return detail;
    },
    listProposals: (run) => listProposals(reader, run),
    showProposal: async (id) => {
      const { state, proposal } = await findProposal(reader, id);
      return summarizeProposal(state, proposal);
    },
    readProposalFile: async (id, commit, path) => {
      await findProposal(reader, id);
      return ports.repository.read(commit, path);
    },
    showDiff: async (id) => {
      const { proposal } = await findProposal(reader, id);
      const { base, commit } = current(proposal);
      return ports.repository.patch(base, commit);
    },
    decide: (request) => decide(ports, reader, request),
    revert: (target) => revert(ports, reader, target),
    keepTriggers: (keeping) => keepTriggers(ports, reader, keeping),
    lookAtTriggers: (signal) => lookAtTriggers(ports, reader, signal),
    listTriggers: () => listTriggers(ports),
    listSecrets: () => listSecrets(ports),
    searchMemory: (text, limit) => ports.memory.search({ text, limit }),
    listNotes: async () => {
      const { items, problems } = await ports.memory.notes();
      return { notes: items, problems };
    },
    examine: () => examine(ports, reader),
    dispose: () => undefined,
  };
}

/** Executing runs, and what becomes of those that are over. */
function keepingOf(
  ports: Ports,
  reader: RunReader,
): Pick<Cairn, 'driveRun' | 'restoreRun' | 'archiveEnded' | 'prune'> {
  const ledger = new CompanyLedger(ports.runs, ports.spendingCache);
  return {
    driveRun: async (run, signal) => {
      const driven = await driveRun(ports, run, signal, ledger);
      // Whoever waits for the run does not wait for this.
      if (driven === 'ended') void tendRuns(ports, reader);
      return driven;
    },
    restoreRun: (run) => restoreRun(ports, run),
    archiveEnded: () => archiveEnded(ports, reader),
    prune: (options) => prune(ports, reader, options),
  };
}
