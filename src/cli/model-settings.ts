import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/failure.ts';
import type { ModelProvider } from '../contracts/model.ts';
import { modelConfigSchema } from '../contracts/model-config.ts';
import type { ModelConfig } from '../contracts/model-config.ts';
import { modelGateway } from '../models/gateway.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The model of the command line, from the environment: `CAIRN_MODEL_URL` and `CAIRN_MODEL` (or one per tier:
 * `CAIRN_MODEL_FAST`, `CAIRN_MODEL_DEEP`) choose an OpenAI-compatible server, `CAIRN_API_KEY` is its key.
 * Without them the offline model is used. Throws `usage`.
 */
export function configuredModel(environment: Environment): ModelProvider {
  const config = readConfig(environment);
  return modelGateway({
    config: () => config,
    apiKey: () => Promise.resolve(environment.CAIRN_API_KEY ?? ''),
    clock: systemClock,
  });
}

function readConfig(environment: Environment): ModelConfig {
  const {
    CAIRN_MODEL_URL: baseUrl,
    CAIRN_MODEL: standard,
    CAIRN_MODEL_FAST: fast,
    CAIRN_MODEL_DEEP: deep,
  } = environment;
  if (!baseUrl && !standard) return { provider: 'offline' };
  const parsed = modelConfigSchema.safeParse({
    provider: 'openai',
    baseUrl: baseUrl ?? 'https://api.openai.com/v1',
    models: { fast: fast ?? standard, standard, deep: deep ?? standard },
  });
  if (parsed.success) return parsed.data;
  throw new AppError({
    code: 'usage',
    message:
      'The model is not set up: CAIRN_MODEL_URL must be a web address and CAIRN_MODEL the name of a model.',
    retry: 'operator',
    remedy: 'Set both, or neither to work with the offline model.',
  });
}
