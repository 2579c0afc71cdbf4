import OpenAI from 'openai';
import { systemClock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { AnswerBuilder } from './answer.ts';
import { callFailure } from './call-failure.ts';
import { fullDialect, requestBody, simplerDialect } from './dialect.ts';
import { costUsd } from './prices.ts';
import { serverAt } from './server.ts';
import type { Clock } from '../../base/clock.ts';
import type { ModelProvider, ModelReply, ModelRequest, Usage } from '../../contracts/model.ts';
import type { TierModels } from '../../contracts/model-config.ts';
import type { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import type { Server } from './server.ts';

export interface OpenAiOptions {
  readonly baseUrl: string;
  /** Empty for a server that asks for none. */
  readonly apiKey: string;
  readonly models: TierModels;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** From sending the request to the end of the answer. */
  readonly timeoutMs?: number;
}

/**
 * Any server that speaks OpenAI's chat completions. It never retries by itself: the engine does, and
 * journals it. Throws `AppError` `model.not-configured` when `baseUrl` is no web address.
 */
export function openaiProvider(options: OpenAiOptions): ModelProvider {
  const server = serverAt(options.baseUrl);
  const client = openClient(options, server);
  let dialect = fullDialect;

  return {
    id: 'openai',
    label: server.isOpenAi
      ? `OpenAI ${options.models.standard}`
      : `${options.models.standard} at ${server.host}`,
    complete: async (request, signal) => {
      const call = new Call({ client, server, options, request, signal });
      for (;;) {
        try {
          return await call.run(dialect);
        } catch (thrown) {
          const simpler = signal.aborted ? undefined : simplerDialect(dialect, thrown);
          if (!simpler) throw call.failure(thrown);
          dialect = simpler;
        }
      }
    },
  };
}

/** Nothing comes from the environment but what the shells chose: no key or organisation of another program. */
function openClient(options: OpenAiOptions, server: Server): OpenAI {
  return new OpenAI({
    baseURL: server.baseUrl,
    apiKey: options.apiKey.trim() || 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    timeout: options.timeoutMs ?? limits.modelTimeoutMs,
    ...(options.fetch ? { fetch: options.fetch } : {}),
    // Electron's extension host has browser globals; the key stays in that process.
    dangerouslyAllowBrowser: true,
  });
}

interface CallInput {
  readonly client: OpenAI;
  readonly server: Server;
  readonly options: OpenAiOptions;
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
}

/** One question to the server, possibly put in several dialects. */
class Call {
  readonly #input: CallInput;
  readonly #clock: Clock;
  readonly #model: string;
  readonly #who: string;
  readonly #startedMs: number;
  #timedOut = false;
  #begun = false;

  constructor(input: CallInput) {
    this.#input = input;
    this.#clock = input.options.clock ?? systemClock;
    this.#model = input.options.models[input.request.tier];
    this.#who = `${this.#model} at ${input.server.host}`;
    this.#startedMs = this.#clock.now();
  }

  async run(dialect: Dialect): Promise<ModelReply> {
    const { client, server, options, request, signal } = this.#input;
    const body = requestBody(request, { model: this.#model, server, dialect });
    const answer = new AnswerBuilder(this.#who, request.maxReplyTokens);
    // The client's own time limit ends with the headers; this one covers the whole answer.
    const limit = new AbortController();
    const timer = setTimeout(() => {
      this.#timedOut = true;
      limit.abort();
    }, options.timeoutMs ?? limits.modelTimeoutMs);
    try {
      const stream = await client.chat.completions.create(body, {
        signal: AbortSignal.any([signal, limit.signal]),
      });
      this.#begun = true;
      for await (const chunk of stream) answer.add(chunk);
      // An aborted stream ends without an error.
      if (signal.aborted || this.#timedOut) throw new Error('the call was ended');
      return this.#reply(answer.finish());
    } finally {
      clearTimeout(timer);
    }
  }

  failure(thrown: unknown): Error {
    return callFailure(thrown, {
      who: this.#who,
      apiKey: this.#input.options.apiKey.trim(),
      signal: this.#input.signal,
      timedOut: this.#timedOut,
      begun: this.#begun,
    });
  }

  #reply(answer: Answer): ModelReply {
    return { text: withoutFence(answer.text), usage: this.#usage(answer) };
  }

  /** Where the server does not count, tokens are estimated at four characters each. */
  #usage(answer: Answer): Usage {
    const { request, server } = this.#input;
    const { usage, text } = answer;
    const model = answer.model || this.#model;
    const tokensIn = usage?.prompt_tokens ?? Math.ceil((request.system.length + request.prompt.length) / 4);
    const tokensOut = usage?.completion_tokens ?? Math.ceil(text.length / 4);
    const tokensCached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
    return {
      model,
      provider: 'openai',
      tokensIn,
      tokensOut,
      costUsd: server.isLocal ? 0 : costUsd(model, { tokensIn, tokensCached, tokensOut }),
      durationMs: this.#clock.now() - this.#startedMs,
    };
  }
}

/** Models without a JSON mode like to wrap the document into a code fence. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}
