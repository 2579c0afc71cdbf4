import * as vscode from 'vscode';
import { labelOf } from '../adapters/company-model.ts';
import type { Shell } from '../shell.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';

type Provider = ModelConfig['provider'];

interface ProviderItem extends vscode.QuickPickItem {
  readonly provider: Provider;
}

const providers: readonly ProviderItem[] = [
  {
    label: 'Offline (extractive)',
    detail: 'No key and no network: quotes your briefs and notes by rule. Good for trying things out.',
    provider: 'offline',
  },
  {
    label: 'OpenAI-compatible server',
    detail: 'OpenAI, or any server that speaks its protocol, such as Ollama or vLLM.',
    provider: 'openai',
  },
  {
    label: 'The editor’s own models',
    detail: 'The language models that the editor offers to extensions, such as those of GitHub Copilot.',
    provider: 'vscode',
  },
];

/** Asks where answers should come from. The key goes into the editor's secret storage and nowhere else. */
export async function configureModels(shell: Shell): Promise<void> {
  const now = shell.settings.config();
  const items = providers.map((item) =>
    item.provider === now.provider ? { ...item, description: 'in use' } : item,
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Configure Models',
    placeHolder: 'Which model should the agents work with?',
    ignoreFocusOut: true,
  });
  if (!picked) return;
  const config = await askFor(shell, picked.provider, now);
  if (!config) return;
  await shell.settings.save(config);
  await vscode.window.showInformationMessage(`The agents now work with: ${labelOf(config)}.`);
}

async function askFor(shell: Shell, provider: Provider, now: ModelConfig): Promise<ModelConfig | undefined> {
  if (provider === 'offline') return { provider };
  return provider === 'vscode' ? askEditorModel() : askServer(shell, now);
}

async function askEditorModel(): Promise<ModelConfig | undefined> {
  const models = await vscode.lm.selectChatModels();
  const families = new Map(models.map((model) => [model.family, model]));
  const items = [...families.values()].map(({ name, family, vendor }) => ({
    label: name,
    description: vendor,
    family,
  }));
  const any = { label: 'The editor’s choice', description: '', family: '' };
  const placeHolder =
    models.length === 0 ? 'The editor offers no model now; its choice is used once it does' : 'Which model?';
  const picked = await vscode.window.showQuickPick([any, ...items], {
    title: 'Configure Models',
    placeHolder,
    ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  return { provider: 'vscode', ...(picked.family ? { family: picked.family } : {}) };
}

const defaults = {
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  models: { fast: 'gpt-5-nano', standard: 'gpt-5-mini', deep: 'gpt-5' },
} as const;

async function askServer(shell: Shell, now: ModelConfig): Promise<ModelConfig | undefined> {
  const known = now.provider === 'openai' ? now : defaults;
  const baseUrl = await askText('The server’s address (1/5)', known.baseUrl, (text) =>
    URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
      ? undefined
      : 'Write an address such as https://api.openai.com/v1.',
  );
  if (baseUrl === undefined) return undefined;
  const needed = (text: string) => (text.trim() === '' ? 'Write a model’s name.' : undefined);
  const standard = await askText('The model for most steps (2/5)', known.models.standard, needed);
  if (standard === undefined) return undefined;
  const fast = await askText('The model for quick, small steps (3/5)', known.models.fast || standard, needed);
  if (fast === undefined) return undefined;
  const deep = await askText('The model for hard steps (4/5)', known.models.deep || standard, needed);
  if (deep === undefined) return undefined;
  if (!(await askKey(shell))) return undefined;
  return { provider: 'openai', baseUrl, models: { fast, standard, deep } };
}

function askText(prompt: string, value: string, validateInput: (text: string) => string | undefined) {
  return vscode.window.showInputBox({
    title: 'Configure Models',
    prompt,
    value,
    ignoreFocusOut: true,
    validateInput,
  });
}

/** Whether the operator answered; an empty answer keeps the key that is stored. */
async function askKey({ settings }: Shell): Promise<boolean> {
  const hasKey = (await settings.apiKey()) !== '';
  const key = await vscode.window.showInputBox({
    title: 'Configure Models',
    prompt: hasKey
      ? 'The API key (5/5). Leave empty to keep the stored one.'
      : 'The API key (5/5), if the server asks for one.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return false;
  if (key.trim() !== '') await settings.saveApiKey(key.trim());
  return true;
}
