import { LLMock } from '@copilotkit/aimock';
import { expect, test } from 'vitest';
import { ManualClock } from '../base/clock.ts';
import { modelGateway } from './gateway.ts';
import { request } from './request.fixture.ts';
import type { ModelProvider } from '../contracts/model.ts';
import type { ModelConfig } from '../contracts/model-config.ts';

const never = new AbortController().signal;
const clock = new ManualClock();
const apiKey = async (): Promise<string> => '';

test('a new choice of provider holds at the next call', async () => {
  const asked: string[] = [];
  const editor = (family: string | undefined): ModelProvider => ({
    id: 'vscode',
    label: `Editor ${family}`,
    complete: async ({ tier }) => {
      asked.push(tier);
      const usage = { model: 'x', provider: 'vscode', tokensIn: 0, tokensOut: 0, costUsd: 0, durationMs: 0 };
      return { text: 'from the editor', usage };
    },
  });
  let config: ModelConfig = { provider: 'offline' };
  const gateway = modelGateway({ config: () => config, apiKey, editor, clock });
  expect(gateway).toMatchObject({ id: 'offline', label: 'Offline (extractive)' });
  config = { provider: 'vscode', family: 'gpt-5-mini' };
  expect((await gateway.complete(request({ tier: 'deep' }), never)).text).toBe('from the editor');
  expect(asked).toEqual(['deep']);
  expect(gateway).toMatchObject({ id: 'vscode', label: 'Editor gpt-5-mini' });
});

test('what was learnt of a server is kept from one call to the next', async () => {
  const server = await LLMock.create({ port: 0, logLevel: 'silent' });
  try {
    server.on({ responseFormat: 'json_schema' }, { error: { message: 'no json_schema here' }, status: 400 });
    server.on({}, { content: '{}' });
    const models = { fast: 'a', standard: 'b', deep: 'c' };
    const config = (): ModelConfig => ({ provider: 'openai', baseUrl: `${server.url}/v1`, models });
    const gateway = modelGateway({ config, apiKey, clock });
    await gateway.complete(request(), never);
    await gateway.complete(request(), never);
    expect(server.getRequests()).toHaveLength(3);
  } finally {
    await server.stop();
  }
});

test('the editor’s models without an editor are a failure with a remedy', async () => {
  const gateway = modelGateway({ config: () => ({ provider: 'vscode' }), apiKey, clock });
  await expect(gateway.complete(request(), never)).rejects.toMatchObject({
    failure: { code: 'model.not-configured', retry: 'operator' },
  });
});
