import { appFailures } from '../base/failures/app.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Workflow, WorkflowInput } from '../contracts/workflow.ts';

/** The inputs of a run: what was given, checked, and the defaults for the rest. Throws `input.invalid`. */
export function readInputs(workflow: Workflow, given: JsonObject): JsonObject {
  const known = Object.keys(workflow.inputs);
  const stray = Object.keys(given).find((name) => !known.includes(name));
  if (stray !== undefined) throw appFailures.inputUnknown(stray, known);
  return Object.fromEntries(
    Object.entries(workflow.inputs).map(([name, input]) => {
      const value = given[name] ?? input.default;
      if (value === undefined || value === '') throw appFailures.inputMissing(name);
      return [name, typed(name, input, value)];
    }),
  );
}

function typed(name: string, { type, options }: WorkflowInput, value: Json): Json {
  if (value === null || typeof value === 'object') throw appFailures.inputWrong(name, 'one value');
  const text = String(value);
  if (options && !options.includes(text)) throw appFailures.inputWrong(name, `one of ${options.join(', ')}`);
  switch (type) {
    case 'number':
      if (!Number.isFinite(Number(text))) throw appFailures.inputWrong(name, 'a number');
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw appFailures.inputWrong(name, 'true or false');
      return text === 'true';
    case 'path':
    case 'text':
      return text;
  }
}
