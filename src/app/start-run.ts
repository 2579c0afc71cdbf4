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

/** What a run begins with, besides its definition. */
export interface Beginning {
  readonly inputs: JsonObject;
  readonly trigger: string;
  /** Inputs that hold text from outside. */
  readonly outside?: readonly string[] | undefined;
  /** The runs that led to this one, oldest first. */
  readonly after?: readonly string[] | undefined;
  /** Where the run comes from, and what it takes over from there: recorded with its start, all or nothing. */
  readonly fork?:
    | { readonly run: string; readonly at: number; readonly events: readonly RunEvent[] }
    | undefined;
}

/** Creates a run of a definition that need not be in a file. */
export async function createRun(ports: Ports, definition: Definition, beginning: Beginning): Promise<string> {
  const run = await reserveRun(ports, definition);
  if (!(await beginRun(ports, run, { definition, ...beginning })))
    throw new Error(`The new run ${run} is held by another process`);
  return run;
}

/**
 * Journals the start of a run under an id that is known beforehand, in a folder that a dead process may have left.
 * False when it has begun already: however often it is tried, a run begins once.
 */
export async function beginRun(
  ports: Ports,
  run: string,
  {
    definition,
    inputs,
    trigger,
    outside = [],
    after = [],
    fork,
  }: Beginning & { readonly definition: Definition },
): Promise<boolean> {
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
      ...(outside.length > 0 ? { outside: [...outside] } : {}),
      ...(after.length > 0 ? { after: [...after] } : {}),
      by: `${name} <${email}>`,
      model: ports.model.label,
      ...(fork ? { forked: { run: fork.run, at: fork.at, records: fork.events.length } } : {}),
    },
  };
  let begun = false;
  await ports.runs.create(run);
  const lease = await ports.runs.lease(run, () => (begun = true));
  if (lease === 'held') return false;
  try {
    if (!begun) await lease.journal.append([started, ...(fork?.events ?? [])]);
  } finally {
    await lease.release();
  }
  return !begun;
}

/** An id that nobody has. A run begins with its first record: before that it is on no list. */
export async function reserveRun(ports: Ports, { workflow }: Definition): Promise<string> {
  for (;;) {
    const id = runId(workflow.id, ports.clock, ports.random);
    if (await ports.runs.create(id)) return id;
  }
}
