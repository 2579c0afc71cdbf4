import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../base/failure.ts';
import { openaiProvider } from './provider.ts';
import { request } from '../request.fixture.ts';
import type { Failure } from '../../base/failure.ts';
import type { OpenAiOptions } from './provider.ts';

const KEY = 'sk-very-secret-0123456789';
const ANSWER = JSON.stringify({ verdict: 'pass', score: 1, summary: 'Good.', issues: [] });
const never = new AbortController().signal;

let server: LLMock;
beforeEach(async () => {
  server = await LLMock.create({ port: 0, logLevel: 'silent' });
});
afterEach(() => server.stop());

function provider(options: Partial<OpenAiOptions> = {}) {
  const models = { fast: 'gpt-5-nano', standard: 'gpt-5-mini', deep: 'gpt-5' };
  return openaiProvider({ baseUrl: `${server.url}/v1`, apiKey: KEY, models, ...options });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AppError);
  expect(`${String(thrown)}${JSON.stringify(thrown)}${String((thrown as Error).cause)}`).not.toContain(KEY);
  return (thrown as AppError).failure;
}

describe('an answer', () => {
  test('arrives whole, with the usage that the server counted', async () => {
    server.on(
      {},
      { content: ANSWER, usage: { prompt_tokens: 1200, completion_tokens: 80 } },
      { chunkSize: 3 },
    );
    const reply = await provider().complete(request(), never);
    expect(reply.text).toBe(ANSWER);
    expect(reply.usage).toMatchObject({
      model: 'gpt-5-mini',
      provider: 'openai',
      tokensIn: 1200,
      tokensOut: 80,
    });
    expect(server.getLastRequest()?.body).toMatchObject({
      model: 'gpt-5-mini',
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'judgement', strict: true } },
    });
  });

  test('comes from the model of the tier that was asked for', async () => {
    server.on({}, { content: ANSWER });
    await provider().complete(request({ tier: 'deep' }), never);
    expect(server.getLastRequest()?.body?.model).toBe('gpt-5');
  });

  test('costs nothing on a server of this machine', async () => {
    server.on({}, { content: ANSWER, usage: { prompt_tokens: 1_000_000, completion_tokens: 0 } });
    expect((await provider().complete(request(), never)).usage.costUsd).toBe(0);
  });

  test('costs what the price table says on a server elsewhere', async () => {
    server.on({}, { content: ANSWER, usage: { prompt_tokens: 1_000_000, completion_tokens: 100_000 } });
    const elsewhere: typeof fetch = (_url, init) => fetch(`${server.url}/v1/chat/completions`, init);
    const remote = provider({ baseUrl: 'https://api.openai.com/v1', fetch: elsewhere });
    expect((await remote.complete(request(), never)).usage.costUsd).toBeCloseTo(0.25 + 0.2);
    expect(server.getLastRequest()?.body).toHaveProperty('max_completion_tokens');
    expect(remote.label).toBe('OpenAI gpt-5-mini');
  });

  test('loses the code fence that models put around JSON', async () => {
    server.on({}, { content: `\`\`\`json\n${ANSWER}\n\`\`\`` });
    expect((await provider().complete(request(), never)).text).toBe(ANSWER);
  });
});

describe('a server that does not know JSON schemas', () => {
  test('is asked for a JSON object instead, and that is remembered', async () => {
    const error = {
      message: "'response_format.type' json_schema is not supported",
      type: 'invalid_request_error',
    };
    server.on({ responseFormat: 'json_schema' }, { error, status: 400 });
    server.on({ responseFormat: 'json_object' }, { content: ANSWER });
    const asked = provider();
    expect((await asked.complete(request(), never)).text).toBe(ANSWER);
    expect((await asked.complete(request(), never)).text).toBe(ANSWER);
    expect(server.getRequests().map((entry) => entry.body)).toMatchObject([
      { response_format: { type: 'json_schema' } },
      { response_format: { type: 'json_object' } },
      {
        response_format: { type: 'json_object' },
        messages: [{ content: expect.stringContaining('"verdict"') }, { role: 'user' }],
      },
    ]);
  });

  test('and refuses every format gets a plain request, then a plain failure', async () => {
    server.on({}, { error: { message: 'response_format is unknown' }, status: 400 });
    expect(await failureOf(provider().complete(request(), never))).toMatchObject({
      code: 'model.refused',
      retry: 'operator',
    });
    expect(server.getRequests()).toHaveLength(3);
  });
});

describe('a server that says no', () => {
  test.each([
    [401, undefined, 'model.refused', 'operator'],
    [403, undefined, 'model.refused', 'operator'],
    [404, undefined, 'model.refused', 'operator'],
    [400, 'content_filter', 'model.refused', 'operator'],
    [429, 'insufficient_quota', 'model.limited', 'operator'],
    [500, undefined, 'model.unavailable', 'later'],
    [503, undefined, 'model.unavailable', 'later'],
  ])('with %i %s gives %s, to be retried: %s', async (status, code, expected, retry) => {
    const error = { message: `Incorrect API key provided: ${KEY}.`, ...(code ? { code } : {}) };
    server.on({}, { error, status });
    const failure = await failureOf(provider().complete(request(), never));
    expect(failure).toMatchObject({ code: expected, retry });
    expect(failure.remedy).toBeTruthy();
    expect(server.getRequests()).toHaveLength(1);
  });

  test('with 429 passes on how long to wait', async () => {
    server.on({}, { error: { message: 'Slow down' }, status: 429, retryAfter: 7 });
    expect(await failureOf(provider().complete(request(), never))).toMatchObject({
      code: 'model.limited',
      retry: 'later',
      retryAfterMs: 7000,
    });
  });
});

describe('an answer that breaks off', () => {
  test('because the connection drops is cut off, to be retried later', async () => {
    server.on({}, { content: ANSWER }, { chunkSize: 4, truncateAfterChunks: 3, latency: 5 });
    expect(await failureOf(provider().complete(request(), never))).toMatchObject({
      code: 'model.cut-off',
      retry: 'later',
    });
  });

  test.each([
    [
      'without a reason to end',
      'data: {"choices":[{"index":0,"delta":{"content":"{"}}]}\n\n',
      'model.cut-off',
    ],
    ['with nothing at all', '', 'model.cut-off'],
    [
      'in the middle of an event',
      'data: {"choices":[{"index":0,"delta":{"content":"{"}}]}\n\ndata: {"choi\n\n',
      'model.cut-off',
    ],
    ['with an error event', 'data: {"error":{"message":"overloaded"}}\n\n', 'model.cut-off'],
    ['with something else', 'data: {"hello":"world"}\n\n', 'model.invalid-reply'],
  ])('%s is a failure of its own', async (_how, body, code) => {
    const answering: typeof fetch = async () =>
      new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    expect((await failureOf(provider({ fetch: answering }).complete(request(), never))).code).toBe(code);
  });

  test('at the length limit needs the operator', async () => {
    server.on({}, { content: ANSWER.slice(0, 20), finishReason: 'length' });
    expect(await failureOf(provider().complete(request(), never))).toMatchObject({
      code: 'model.cut-off',
      retry: 'operator',
    });
  });

  test('by the content filter is a refusal', async () => {
    server.on({}, { content: '', finishReason: 'content_filter' });
    expect((await failureOf(provider().complete(request(), never))).code).toBe('model.refused');
  });

  test('or never begins because the body is malformed is a failure', async () => {
    server.on({}, { content: ANSWER });
    server.setChaos({ malformedRate: 1 });
    expect((await failureOf(provider().complete(request(), never))).code).toMatch(/^model\./);
  });

  test('or never begins because the socket closes is unavailable', async () => {
    server.on({}, { content: ANSWER });
    server.setChaos({ disconnectRate: 1 });
    expect((await failureOf(provider().complete(request(), never))).code).toBe('model.unavailable');
  });
});

describe('a call that is ended from here', () => {
  test('by the caller before anything arrived is cancelled', async () => {
    server.on({}, { content: ANSWER }, { streamingProfile: { ttft: 20_000 } });
    const controller = new AbortController();
    const work = failureOf(provider().complete(request(), controller.signal));
    controller.abort();
    expect((await work).code).toBe('operator.cancelled');
  });

  test('in the middle of the answer is cancelled, never taken for a whole one', async () => {
    const controller = new AbortController();
    const half = 'data: {"choices":[{"index":0,"delta":{"content":"{"},"finish_reason":"stop"}]}\n\n';
    const stalling: typeof fetch = async (_url, init) =>
      new Response(
        stalledStream(half, init?.signal, () => controller.abort()),
        {
          headers: { 'content-type': 'text/event-stream' },
        },
      );
    const failure = await failureOf(provider({ fetch: stalling }).complete(request(), controller.signal));
    expect(failure.code).toBe('operator.cancelled');
  });

  test('for a reason that is a failure throws that failure', async () => {
    const reason = new AppError({ code: 'step.timed-out', message: 'Too slow.', retry: 'later' });
    const work = provider().complete(request(), AbortSignal.abort(reason));
    await expect(work).rejects.toBe(reason);
  });

  test('by the time limit is unavailable, to be retried later', async () => {
    server.on({}, { content: ANSWER }, { chunkSize: 1, streamingProfile: { ttft: 5, tps: 1 } });
    expect(await failureOf(provider({ timeoutMs: 60 }).complete(request(), never))).toMatchObject({
      code: 'model.unavailable',
      retry: 'later',
    });
  });
});

test('an address that is none is refused at once', () => {
  expect(() => provider({ baseUrl: 'localhost' })).toThrow(AppError);
});

test('a server that is not there is unavailable', async () => {
  const gone = provider();
  await server.stop();
  expect((await failureOf(gone.complete(request(), never))).code).toBe('model.unavailable');
  server = await LLMock.create({ port: 0 });
});

function stalledStream(text: string, signal: AbortSignal | null | undefined, onRead: () => void) {
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text));
      signal?.addEventListener('abort', () => controller.error(new DOMException('Aborted', 'AbortError')));
      setTimeout(onRead, 5);
    },
  });
}
