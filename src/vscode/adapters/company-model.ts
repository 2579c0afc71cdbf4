import { EditorModel } from './editor-model.ts';
import type { ModelSettings } from './model-settings.ts';
import { systemClock } from '../../base/clock.ts';
import type { ModelProvider } from '../../contracts/model.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';

/** The model of the settings as they are at each call; providers are loaded when first used. */
export function companyModel(settings: ModelSettings): ModelProvider {
  const chosen = new ChosenProvider(settings);
  return {
    get id() {
      return settings.config().provider;
    },
    get label() {
      return labelOf(settings.config());
    },
    complete: async (request, signal) => (await chosen.get()).complete(request, signal),
  };
}

/** For people: where answers come from. */
export function labelOf(config: ModelConfig): string {
  switch (config.provider) {
    case 'offline':
      return 'Offline (extractive)';
    case 'openai':
      return `${config.models.standard} at ${config.baseUrl}`;
    case 'vscode':
      return `Editor model ${config.family ?? '(its choice)'}`;
  }
}

/** Keeps a provider for as long as the settings stay, since it learns what its server can do. */
class ChosenProvider {
  readonly #settings: ModelSettings;
  #kept: { readonly key: string; readonly provider: ModelProvider } | undefined;

  constructor(settings: ModelSettings) {
    this.#settings = settings;
  }

  async get(): Promise<ModelProvider> {
    const config = this.#settings.config();
    const apiKey = config.provider === 'openai' ? await this.#settings.apiKey() : '';
    const key = JSON.stringify([config, apiKey]);
    if (this.#kept?.key === key) return this.#kept.provider;
    const provider = await load(config, apiKey);
    this.#kept = { key, provider };
    return provider;
  }
}

async function load(config: ModelConfig, apiKey: string): Promise<ModelProvider> {
  switch (config.provider) {
    case 'offline': {
      const { offlineProvider } = await import('../../models/offline/provider.ts');
      return offlineProvider({ clock: systemClock });
    }
    case 'openai': {
      const { openaiProvider } = await import('../../models/openai/provider.ts');
      return openaiProvider({ baseUrl: config.baseUrl, apiKey, models: config.models });
    }
    case 'vscode':
      return new EditorModel(config.family);
  }
}
