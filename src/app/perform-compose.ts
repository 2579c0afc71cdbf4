import type { AttemptContext } from './attempt-context.ts';
import { connectTo } from './read-connector.ts';
import { outsidePaths } from './outside-paths.ts';
import type { Ports } from './ports.ts';
import { outboxAgent, proposeDraft } from './propose-draft.ts';
import { StepScope } from './step-scope.ts';
import { undecidedBefore, visibleFiles } from './visible-files.ts';
import { renderOutboxFile } from '../agents/outbox-file.ts';
import { appFailures } from '../base/failures/app.ts';
import { connectorFailures } from '../base/failures/connectors.ts';
import { companyPaths } from '../contracts/company.ts';
import type { RunState } from '../contracts/run.ts';
import type { ComposeStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

/** Proposes what would be sent, so that it is read, edited and decided before it leaves. */
export async function performCompose(
  ports: Ports,
  { state, step, attempt }: StepTask & { readonly step: ComposeStep },
  { cost }: AttemptContext,
): Promise<StepOutcome> {
  const { connector, operation, file } = step.outgoing;
  const { effects } = await connectTo(ports, connector);
  if (!effects) throw connectorFailures.noEffects(connector);
  if (!effects.operations[operation]) {
    throw connectorFailures.unknownOperation(connector, operation, Object.keys(effects.operations));
  }
  const scope = new StepScope(state, step);
  const given = scope.record(step.outgoing.with, 'with');
  const path = file === undefined ? undefined : scope.text(file, 'file');
  const body =
    path === undefined
      ? scope.text(step.outgoing.body ?? '', 'body')
      : await fileToSend(ports, state, step, path);
  const texts = [...Object.values(step.outgoing.with), step.outgoing.body ?? '', file ?? ''];
  const isOutside = await outsidePaths(ports.files);
  const untrusted = path !== undefined && isOutside(path);
  const tainted = untrusted || texts.some((text) => scope.holdsOutside(text));
  const outbox = outboxPath(state.id, step);
  const content = renderOutboxFile({ connector, operation, with: given, body });
  const proposal = await proposeDraft(ports, {
    state,
    step: step.id,
    attempt,
    agent: outboxAgent,
    model: 'none',
    intent: `Do “${operation}” through ${connector}`,
    unlocks: 'Once it is approved it leaves the company.',
    edits: [{ path: outbox, content }],
    sources: path === undefined ? [] : [{ id: path, title: path, uri: path, untrusted }],
    grounding: null,
    tainted,
    cost,
  });
  const input = { connector, operation, with: given };
  return { is: 'done', input, output: { file: outbox }, cost, sources: [], proposal };
}

/** One file for each effect of the run. */
export function outboxPath(run: string, { within, id }: ComposeStep): string {
  return `${companyPaths.outbox}/${run}/${within?.step ?? id}.md`;
}

async function fileToSend(ports: Ports, state: RunState, step: ComposeStep, path: string): Promise<string> {
  const text = await visibleFiles(ports, undecidedBefore(state, step.id)).read(path);
  if (text === undefined) throw appFailures.fileMissing(path);
  return text;
}
