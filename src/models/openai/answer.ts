import type OpenAI from 'openai';
import { modelFailures } from '../../base/failures/models.ts';

type Chunk = OpenAI.ChatCompletionChunk;

/** More characters than this per allowed token is a model gone astray (whitespace without end). */
const CHARACTERS_PER_TOKEN = 16;

export interface Answer {
  readonly text: string;
  /** As the server names it; empty when it does not. */
  readonly model: string;
  readonly usage: OpenAI.CompletionUsage | undefined;
}

/** A streamed answer being put together. Complete only when the server said why it ended. */
export class AnswerBuilder {
  readonly #who: string;
  readonly #maxTokens: number;
  #text = '';
  #model = '';
  #refused = false;
  #ending: string | undefined;
  #usage: OpenAI.CompletionUsage | undefined;

  constructor(who: string, maxTokens: number) {
    this.#who = who;
    this.#maxTokens = maxTokens;
  }

  /** Throws `AppError` `model.cut-off` for an answer without measure, `model.invalid-reply` for what is no chunk. */
  add(chunk: Chunk): void {
    if (!Array.isArray(chunk?.choices)) throw modelFailures.notACompletion(this.#who);
    this.#model ||= chunk.model ?? '';
    this.#usage = chunk.usage ?? this.#usage;
    const choice = chunk.choices[0];
    if (!choice) return;
    this.#text += choice.delta?.content ?? '';
    this.#refused ||= Boolean(choice.delta?.refusal);
    this.#ending = choice.finish_reason ?? this.#ending;
    if (this.#text.length > this.#maxTokens * CHARACTERS_PER_TOKEN) {
      throw modelFailures.tooLong(this.#who, this.#maxTokens);
    }
  }

  /** Throws `AppError` when the stream ended without a whole answer. */
  finish(): Answer {
    if (this.#ending === undefined) throw modelFailures.cutOff(this.#who, 'the connection closed too early');
    if (this.#ending === 'length') throw modelFailures.tooLong(this.#who, this.#maxTokens);
    if (this.#ending === 'content_filter' || this.#refused) throw modelFailures.filtered(this.#who);
    if (this.#ending !== 'stop') throw modelFailures.notACompletion(this.#who);
    return { text: this.#text, model: this.#model, usage: this.#usage };
  }
}
