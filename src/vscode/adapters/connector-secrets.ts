import type * as vscode from 'vscode';
import type { SecretOf } from '../../contracts/connector.ts';

/**
 * Values of the secrets that connectors name, in the editor's secret storage and nowhere else. Each belongs to one
 * company: another one that names a secret alike is not given it.
 */
export class ConnectorSecrets {
  readonly #storage: vscode.SecretStorage;

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  of(root: vscode.Uri): SecretOf {
    return async (name) => this.#storage.get(keyOf(root, name));
  }

  /** An empty value forgets the one that is kept. */
  async save(root: vscode.Uri, name: string, value: string): Promise<void> {
    const key = keyOf(root, name);
    if (value === '') await this.#storage.delete(key);
    else await this.#storage.store(key, value);
  }
}

function keyOf(root: vscode.Uri, name: string): string {
  return `cairn.connector.${name} ${root.toString()}`;
}
