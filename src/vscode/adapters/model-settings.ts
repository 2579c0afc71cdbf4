import * as vscode from 'vscode';
import type { ModelConfig, TierModels } from '../../contracts/model-config.ts';

const keyName = 'cairn.openai.apiKey';

/** The operator's choice of a model: settings, and the key in the editor's secret storage. */
export class ModelSettings {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** As set now; what is not one of the providers counts as offline. */
  config(): ModelConfig {
    const settings = vscode.workspace.getConfiguration('cairn.model');
    switch (settings.get<string>('provider')) {
      case 'openai':
        return {
          provider: 'openai',
          baseUrl: settings.get<string>('openai.baseUrl', ''),
          models: settings.get<TierModels>('openai.models', { fast: '', standard: '', deep: '' }),
        };
      case 'vscode': {
        const family = settings.get<string>('vscode.family', '').trim();
        return { provider: 'vscode', ...(family ? { family } : {}) };
      }
      default:
        return { provider: 'offline' };
    }
  }

  async save(config: ModelConfig): Promise<void> {
    const settings = vscode.workspace.getConfiguration('cairn.model');
    const set = (key: string, value: unknown) =>
      settings.update(key, value, vscode.ConfigurationTarget.Global);
    if (config.provider === 'openai') {
      await set('openai.baseUrl', config.baseUrl);
      await set('openai.models', config.models);
    }
    if (config.provider === 'vscode') await set('vscode.family', config.family ?? '');
    await set('provider', config.provider);
  }

  async apiKey(): Promise<string> {
    return (await this.#secrets.get(keyName)) ?? '';
  }

  /** An empty key forgets the one that is kept. */
  async saveApiKey(key: string): Promise<void> {
    if (key) await this.#secrets.store(keyName, key);
    else await this.#secrets.delete(keyName);
  }
}
