import * as vscode from 'vscode';
import { inputChoices, inputComplaint, inputValue } from './input-value.ts';
import type { WorkflowListing } from '../../app/cairn.ts';
import type { JsonObject } from '../../base/json.ts';
import type { WorkflowInput } from '../../contracts/workflow.ts';

interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly input: WorkflowInput;
}

/** Asks for a workflow's inputs one by one; Enter takes the default. Nothing when the operator changes their mind. */
export async function askInputs({ name, inputs }: WorkflowListing): Promise<JsonObject | undefined> {
  const entries = Object.entries(inputs);
  const values: Record<string, JsonObject[string]> = {};
  for (const [index, [key, input]] of entries.entries()) {
    const title = `${name} (${index + 1}/${entries.length})`;
    const prompt = input.description ?? key;
    // One question after the other is the point.
    // oxlint-disable-next-line no-await-in-loop
    const text = await ask({ title, prompt, input });
    if (text === undefined) return undefined;
    const value = inputValue(text, input);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

function ask({ title, prompt, input }: Question): Thenable<string | undefined> {
  const fallback = input.default === undefined ? '' : String(input.default);
  const choices = inputChoices(input);
  if (!choices) {
    return vscode.window.showInputBox({
      title,
      prompt,
      value: fallback,
      ignoreFocusOut: true,
      validateInput: (text) => inputComplaint(text, input),
    });
  }
  const first = choices.filter((choice) => choice === fallback);
  const sorted = [...first, ...choices.filter((choice) => choice !== fallback)];
  return vscode.window.showQuickPick(sorted, { title, placeHolder: prompt, ignoreFocusOut: true });
}
