import type { Json } from '../../base/json.ts';
import type { WorkflowInput } from '../../contracts/workflow.ts';

/** Why a text cannot be the value of an input; nothing when it can. */
export function inputComplaint(text: string, { type, default: fallback }: WorkflowInput): string | undefined {
  if (text.trim() === '') return fallback === undefined ? 'A value is needed.' : undefined;
  return type === 'number' && !Number.isFinite(Number(text)) ? 'Write a number.' : undefined;
}

/** The value that a text stands for; nothing for an empty one, so that the default counts. */
export function inputValue(text: string, { type }: WorkflowInput): Json | undefined {
  if (text.trim() === '') return undefined;
  if (type === 'number') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** The values that an input is chosen from; nothing when it is written freely. */
export function inputChoices({ type, options }: WorkflowInput): readonly string[] | undefined {
  if (type === 'boolean') return ['true', 'false'];
  return options && options.length > 0 ? options : undefined;
}
