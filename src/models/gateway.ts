import { offlineProvider } from './offline/provider.ts';
import { openaiProvider } from './openai/provider.ts';
import type { Clock } from '../base/clock.ts';
import { modelFailures } from '../base/failures/models.ts';
import type { ModelProvider } from '../contracts/model.ts';
import type { ModelConfig } from '../contracts/model-config.ts';

export interface GatewayOptions {
  /** Asked anew at every call, so that a change of settings holds at once. */
  readonly config: () => ModelConfig;
  /** The key of the OpenAI-compatible server, from wherever secrets are kept; empty when there is none. */
  readonly apiKey: () => Promise<string>;
  /** The editor's own models; left out where there is no editor. */
  readonly editor?: ((family: string | undefined) => ModelProvider) | undefined;
  readonly clock: Clock;
}

/**
 * The one door to language models: hands a request, its tier and its signal to the provider that is configured.
 * `complete` throws `AppError` `model.not-configured` when the editor's models are asked for without an editor.
 */
export function modelGateway(options: GatewayOptions): ModelProvider {
  const offline = offlineProvider({ clock: options.clock });
  const kept = new Map<string, ModelProvider>();
  const named = (): ModelProvider => providerOf(options, offline, '');
  return {
    get id() {
      return options.config().provider;
    },
    get label() {
      return named().label;
    },
    complete: async (request, signal) => {
      const config = options.config();
      const apiKey = config.provider === 'openai' ? await options.apiKey() : '';
      const key = JSON.stringify([config, apiKey]);
      // What a provider learns of its server is kept as long as it is the same server and key.
      const provider = kept.get(key) ?? providerOf(options, offline, apiKey);
      kept.clear();
      kept.set(key, provider);
      return provider.complete(request, signal);
    },
  };
}

function providerOf(
  { config, editor, clock }: GatewayOptions,
  offline: ModelProvider,
  apiKey: string,
): ModelProvider {
  const chosen = config();
  switch (chosen.provider) {
    case 'offline':
      return offline;
    case 'openai':
      return openaiProvider({ baseUrl: chosen.baseUrl, models: chosen.models, apiKey, clock });
    case 'vscode':
      if (!editor) throw modelFailures.notConfigured(chosen.provider);
      return editor(chosen.family);
  }
}
