import type * as vscode from 'vscode';
import type { Company } from './company.ts';
import type { CompanyData } from './company-data.ts';
import type { Reviews } from './reviews.ts';
import type { RunExecutor } from '../app/run-executor.ts';
import type { ConnectorSecrets } from './adapters/connector-secrets.ts';
import type { DefinitionDocuments } from './adapters/definition-documents.ts';
import type { ModelSettings } from './adapters/model-settings.ts';
import type { ApprovalsView } from './views/approvals-view.ts';
import type { TimelinePanels } from './panels/timeline-panels.ts';

/** The parts of the editor's shell that commands work with. */
export interface Shell {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly company: Company;
  readonly data: CompanyData;
  readonly executor: RunExecutor;
  readonly reviews: Reviews;
  readonly definitions: DefinitionDocuments;
  readonly timelines: TimelinePanels;
  readonly approvals: ApprovalsView;
  readonly settings: ModelSettings;
  readonly secrets: ConnectorSecrets;
}
