import type { Ports } from './ports.ts';
import { readConnector } from './read-connector.ts';
import { sourceRef } from './source-ref.ts';
import { StepScope } from './step-scope.ts';
import { appFailures } from '../base/failures/app.ts';
import { noCost } from '../contracts/proposal.ts';
import type { ConnectorStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

/** One read of an outside system; what it answers is handed on to the steps behind it. */
export async function performConnectorStep(
  ports: Ports,
  { state, step }: StepTask & { readonly step: ConnectorStep },
): Promise<StepOutcome> {
  const { connector, operation } = step;
  const scope = new StepScope(state, step);
  const parameters = Object.entries(scope.record(step.with, 'with')).filter(([, value]) => value !== '');
  const given = parameters.map(([key, value]) => `${key} ${value}`).join(', ');
  const sources = await readConnector(ports, { connector, operation, with: { ...step.with } }, scope);
  if (sources.length === 0) throw appFailures.nothingFetched(connector, operation, given);
  const material = sources.map(({ date, ...rest }) => ({ ...rest, ...(date ? { date } : {}) }));
  return {
    is: 'done',
    input: { connector, operation, with: { ...step.with } },
    output: { items: material.length, material },
    cost: noCost,
    sources: sources.map(sourceRef),
  };
}
