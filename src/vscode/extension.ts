import * as vscode from 'vscode';
import { companyModel } from './adapters/company-model.ts';
import { ConnectorSecrets } from './adapters/connector-secrets.ts';
import { DefinitionDocuments } from './adapters/definition-documents.ts';
import { definitionScheme } from './adapters/definition-uri.ts';
import { ModelSettings } from './adapters/model-settings.ts';
import { ProposalFiles } from './adapters/proposal-files.ts';
import { proposalScheme } from './adapters/proposal-uri.ts';
import { registerCommands } from './commands/register-commands.ts';
import { CompanyData } from './company-data.ts';
import { CompanyDiagnostics } from './company-diagnostics.ts';
import type { CompanyState } from './company.ts';
import { Company } from './company.ts';
import { showFailure } from './failure-message.ts';
import { TimelinePanels } from './panels/timeline-panels.ts';
import { Reviews } from './reviews.ts';
import { LeftRuns } from '../app/left-runs.ts';
import { RunExecutor } from '../app/run-executor.ts';
import { RunNotices } from './run-notices.ts';
import type { Shell } from './shell.ts';
import { StatusBar } from './status-bar.ts';
import { TriggerKeeper } from './trigger-keeper.ts';
import { ApprovalsView } from './views/approvals-view.ts';
import { MemoryView } from './views/memory-view.ts';
import { RunsView } from './views/runs-view.ts';

const LET_GO_MS = 2_000;

/** What other extensions and tests may read. */
export interface Exported {
  readonly activationMs: number;
}

const ending: (() => Promise<void>)[] = [];

/** Registers everything and returns; the company is opened afterwards, and no heavy module is loaded before. */
export function activate(context: vscode.ExtensionContext): Exported {
  const startedAt = performance.now();
  const log = vscode.window.createOutputChannel('Cairn', { log: true });
  const shell = createShell(context, log);
  context.subscriptions.push(log, ...registerCommands(shell), ...watchWorkspace(shell));
  ending.push(() => shell.executor.dispose(LET_GO_MS));
  setImmediate(() => void shell.company.look());
  const activationMs = performance.now() - startedAt;
  log.info(`Activated in ${activationMs.toFixed(1)} ms`);
  return { activationMs };
}

/** Lets go of the runs, so that another window or the CLI can go on with them. */
export async function deactivate(): Promise<void> {
  await Promise.all(ending.splice(0).map((end) => end()));
}

function createShell(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Shell {
  const { extensionUri } = context;
  const secrets = new ConnectorSecrets(context.secrets);
  const onError = (thrown: unknown) => log.error(thrown instanceof Error ? thrown : String(thrown));
  const settings = new ModelSettings(context.secrets);
  const company = new Company({ model: companyModel(settings), secrets, log });
  const data = new CompanyData(company, onError);
  const notices = new RunNotices(company);
  const executor = new RunExecutor({
    onChange: () => data.refresh(),
    onRest: (run, driven) => void notices.onRest(run, driven).catch(onError),
    onError: (_run, thrown) => void showFailure(thrown, company.root),
  });
  const reviews = new Reviews();
  const timelines = new TimelinePanels({ extensionUri, company, data, log });
  const approvals = new ApprovalsView(data);
  const proposals = vscode.workspace.registerFileSystemProvider(proposalScheme, new ProposalFiles(company), {
    isReadonly: true,
    isCaseSensitive: true,
  });
  const definitions = new DefinitionDocuments(company);
  context.subscriptions.push(
    company,
    data,
    reviews,
    timelines,
    approvals,
    new RunsView({ company, data }),
    new MemoryView(company, onError),
    new StatusBar(company, data),
    new CompanyDiagnostics(company, onError),
    new TriggerKeeper({ company, executor, log }),
    proposals,
    definitions,
    vscode.workspace.registerTextDocumentContentProvider(definitionScheme, definitions),
  );
  return {
    extensionUri,
    log,
    company,
    data,
    executor,
    reviews,
    definitions,
    timelines,
    approvals,
    settings,
    secrets,
  };
}

/** Follows the folders, their trust, and a company that appears in them; goes on with runs that were left. */
function watchWorkspace({ company, data, executor, log }: Shell): vscode.Disposable[] {
  const look = () => void company.look();
  const appearing = vscode.workspace.createFileSystemWatcher('**/.cairn/policy.yaml', false, true, false);
  const onError = (thrown: unknown) => log.error(String(thrown));
  const open = () => (company.state.is === 'open' ? company.state.cairn : undefined);
  const left = new LeftRuns({
    candidates: () =>
      data.runs.runs
        .filter((run) => run.canGoOn || (run.wakesAtMs ?? Infinity) <= Date.now())
        .map(({ id }) => id),
    look: async (run) =>
      executor.driving.includes(run) ? 'busy' : ((await open()?.lookAtRun(run)) ?? 'idle'),
    takeOver: (run) => {
      const cairn = open();
      if (cairn) void executor.drive(cairn, run);
    },
    onError,
  });
  const goOn = async (state: CompanyState) => {
    if (state.is !== 'open') return;
    for (const run of await state.cairn.findLeft()) left.add(run);
    await state.cairn.archiveEnded();
  };
  return [
    left,
    data.onDidChangeRun((run) => left.add(run)),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    appearing,
    appearing.onDidCreate(look),
    company.onDidChange((state) => void goOn(state).catch(onError)),
  ];
}
