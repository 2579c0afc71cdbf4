import type { Json } from '../../src/base/json.ts';
import type { RunEvent } from '../../src/contracts/journal.ts';
import type { Definition } from '../../src/contracts/run.ts';
import type { ConnectorStep } from '../../src/contracts/workflow.ts';

/** The start of a run of so many steps, each of which needs the one before. */
export function chainStarted(steps: number): RunEvent {
  const definition: Definition = {
    workflow: {
      id: 'chain',
      name: 'Chain',
      inputs: {},
      budget: {},
      permissions: { write: [] },
      steps: Array.from({ length: steps }, (_, place) => link(place)),
    },
    agents: [],
    policy: { rules: [], budgets: {} },
    rules: '',
    prompts: {},
  };
  return {
    type: 'run.started',
    data: {
      workflow: 'chain',
      definition: definition as unknown as Json,
      definitionHash: '',
      inputs: {},
      trigger: 'manual',
      by: 'Bench',
      model: 'none',
    },
  };
}

function link(place: number): ConnectorStep {
  return {
    kind: 'connector',
    id: `s${place}`,
    name: `Step ${place}`,
    needs: place === 0 ? [] : [`s${place - 1}`],
    timeoutMs: 60_000,
    maxAttempts: 1,
    connector: 'counter',
    operation: 'next',
    with: {},
  };
}
