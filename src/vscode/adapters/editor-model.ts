import * as vscode from 'vscode';
import { AppError } from '../../base/failure.ts';
import { shellFailures } from '../../base/failures/vscode.ts';
import { limits } from '../../base/limits.ts';
import type { ModelProvider, ModelReply, ModelRequest } from '../../contracts/model.ts';

/**
 * The editor's own language models (`vscode.lm`). They have no system role, no schema and no price: the
 * instructions and the schema go into the first message, and only tokens are counted.
 */
export class EditorModel implements ModelProvider {
  readonly id = 'vscode';
  readonly label: string;
  readonly #family: string | undefined;

  constructor(family: string | undefined) {
    this.#family = family;
    this.label = `Editor model ${family ?? '(its choice)'}`;
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const startedAt = Date.now();
    const cancellation = new vscode.CancellationTokenSource();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.modelTimeoutMs)]);
    const cancel = () => cancellation.cancel();
    limit.addEventListener('abort', cancel);
    try {
      const model = await this.#select();
      const messages = messagesOf(request);
      const text = await ask(model, messages, cancellation.token);
      if (limit.aborted) throw shellFailures.editorModelFailed('it took too long.', limit.reason);
      const [tokensIn, tokensOut] = await countTokens(model, messages, text);
      const usage = { model: model.id, provider: this.id, tokensIn, tokensOut, costUsd: 0 };
      return { text, usage: { ...usage, durationMs: Date.now() - startedAt } };
    } catch (thrown) {
      throw signal.aborted ? shellFailures.editorModelCancelled() : failureOf(thrown);
    } finally {
      limit.removeEventListener('abort', cancel);
      cancellation.dispose();
    }
  }

  async #select(): Promise<vscode.LanguageModelChat> {
    const [model] = await vscode.lm.selectChatModels(this.#family ? { family: this.#family } : {});
    if (!model) throw shellFailures.editorModelMissing(this.#family);
    return model;
  }
}

function messagesOf({ system, prompt, schema }: ModelRequest): vscode.LanguageModelChatMessage[] {
  const form = `Answer with one JSON document and nothing else. Its JSON Schema, “${schema.name}”:`;
  return [
    vscode.LanguageModelChatMessage.User(`${system}\n\n${form}\n${JSON.stringify(schema.json)}`),
    vscode.LanguageModelChatMessage.User(prompt),
  ];
}

async function ask(
  model: vscode.LanguageModelChat,
  messages: vscode.LanguageModelChatMessage[],
  token: vscode.CancellationToken,
): Promise<string> {
  const justification = 'Cairn’s agents use it for the steps of the workflow that you started.';
  const response = await model.sendRequest(messages, { justification }, token);
  let text = '';
  for await (const part of response.text) text += part;
  return text;
}

async function countTokens(
  model: vscode.LanguageModelChat,
  messages: readonly vscode.LanguageModelChatMessage[],
  reply: string,
): Promise<[tokensIn: number, tokensOut: number]> {
  const asked = await Promise.all(messages.map((message) => model.countTokens(message)));
  return [asked.reduce((sum, count) => sum + count, 0), await model.countTokens(reply)];
}

function failureOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof vscode.LanguageModelError ? thrown.code : '';
  if (code === 'NoPermissions') return shellFailures.editorModelRefused(why, thrown);
  if (code === 'Blocked') return shellFailures.editorModelLimited(why, thrown);
  if (code === 'NotFound') return shellFailures.editorModelMissing(undefined);
  return shellFailures.editorModelFailed(why, thrown);
}
