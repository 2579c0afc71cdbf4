import { APIError } from 'openai';
import type OpenAI from 'openai';
import { strictSchema } from './strict-schema.ts';
import type { ModelRequest } from '../../contracts/model.ts';
import type { Server } from './server.ts';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** How a server can be told to answer in JSON, best first. */
const FORMATS = ['json_schema', 'json_object', 'text'] as const;

/** What a server was found not to understand. Each refusal gives up one thing, so it ends. */
export interface Dialect {
  readonly format: (typeof FORMATS)[number];
  readonly countsStreams: boolean;
}

export const fullDialect: Dialect = { format: 'json_schema', countsStreams: true };

/** The dialect to try after this refusal, or nothing when the refusal is about something else. */
export function simplerDialect(dialect: Dialect, thrown: unknown): Dialect | undefined {
  if (!(thrown instanceof APIError) || (thrown.status !== 400 && thrown.status !== 422)) return undefined;
  const complaint = `${thrown.param ?? ''} ${thrown.message}`;
  if (dialect.countsStreams && /stream_options|include_usage/.test(complaint)) {
    return { ...dialect, countsStreams: false };
  }
  const simpler = FORMATS[FORMATS.indexOf(dialect.format) + 1];
  if (!simpler || !/response_format|json_schema|json_object|structured output/i.test(complaint))
    return undefined;
  return { ...dialect, format: simpler };
}

/** A request in the words that a server understands. */
export function requestBody(
  request: ModelRequest,
  options: { readonly model: string; readonly server: Server; readonly dialect: Dialect },
): Body {
  const { dialect, server } = options;
  return {
    model: options.model,
    messages: [
      { role: 'system', content: systemText(request, dialect) },
      { role: 'user', content: request.prompt },
    ],
    stream: true,
    ...(dialect.countsStreams ? { stream_options: { include_usage: true } } : {}),
    ...responseFormat(request, dialect),
    // OpenAI's reasoning models refuse `max_tokens`; many compatible servers know nothing else.
    ...(server.isOpenAi
      ? { max_completion_tokens: request.maxReplyTokens }
      : { max_tokens: request.maxReplyTokens }),
  };
}

function systemText(request: ModelRequest, dialect: Dialect): string {
  if (dialect.format === 'json_schema') return request.system;
  const schema = JSON.stringify(request.schema.json);
  return `${request.system}\n\nAnswer with one JSON object and nothing else. It must fit this JSON Schema:\n${schema}`;
}

function responseFormat(request: ModelRequest, dialect: Dialect): Pick<Body, 'response_format'> {
  if (dialect.format === 'text') return {};
  if (dialect.format === 'json_object') return { response_format: { type: 'json_object' } };
  const schema = strictSchema(request.schema.json);
  return {
    response_format: {
      type: 'json_schema',
      json_schema: { name: request.schema.name, strict: true, schema },
    },
  };
}
