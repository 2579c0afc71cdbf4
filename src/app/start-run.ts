import type { Ports } from './ports.ts';
import { loadDefinition } from './load-definition.ts';
import { readInputs } from './read-inputs.ts';
import { canonicalJson, toJson } from '../base/json.ts';
import type { JsonObject } from '../base/json.ts';
import { runId } from '../base/ids.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { Definition } from '../contracts/run.ts';

export interface StartRequest {
  readonly workflow: string;
  readonly inputs: JsonObject;
  readonly trigger: string;
}

/** Pins the definition and journals the start; `driveRun` executes. Throws before anything is written. */
export async function startRun(ports: Ports, { workflow, inputs, trigger }: StartRequest): Promise<string> {
  const definition = await loadDefinition(ports.files, workflow);
  const given = readInputs(definition.workflow, inputs);
  // Everything that a run will need of the repository is missed now rather than after the work is done.
  await ports.repository.head();
  return createRun(ports, definition, { inputs: given, trigger });
}

/** Creates a run of a definition that need not be in a file. */
export async function createRun(
  ports: Ports,
  definition: Definition,
  { inputs, trigger }: { readonly inputs: JsonObject; readonly trigger: string },
): Promise<string> {
  const { name, email } = await ports.repository.operator();
  const pinned = toJson(definition);
  const started: RunEvent = {
    type: 'run.started',
    data: {
      workflow: definition.workflow.id,
      definition: pinned,
      definitionHash: ports.hash(canonicalJson(pinned)),
      inputs: { ...inputs },
      trigger,
      by: `${name} <${email}>`,
      model: ports.model.label,
    },
  };
  const run = await freeId(ports, definition.workflow.id);
  const lease = await ports.runs.lease(run);
  if (lease === 'held') throw new Error(`The new run ${run} is held by another process`);
  try {
    await lease.journal.append([started]);
  } finally {
    await lease.release();
  }
  return run;
}

async function freeId(ports: Ports, workflow: string): Promise<string> {
  for (;;) {
    const id = runId(workflow, ports.clock, ports.random);
    if (await ports.runs.create(id)) return id;
  }
}
