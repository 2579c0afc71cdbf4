import * as vscode from 'vscode';
import type { Shell } from '../shell.ts';

const title = 'Set Connector Secret';

/** Asks for the value of a secret that a connector names. It goes into the editor's secret storage and nowhere else. */
export async function setConnectorSecret({ company, secrets }: Shell): Promise<void> {
  const cairn = await company.open();
  const { root } = company;
  const named = await cairn.listSecrets();
  if (!root || named.length === 0) {
    await vscode.window.showInformationMessage(
      'No connector names a secret. Name it in .cairn/connectors: headers: {Authorization: {secret: crm-token}}',
    );
    return;
  }
  const items = named.map(({ name, connectors, isSet }) => {
    return {
      label: name,
      description: isSet ? 'set' : 'not set',
      detail: `For ${connectors.join(', ')}`,
      isSet,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Which secret?',
    ignoreFocusOut: true,
  });
  if (!picked) return;
  const { label: name, isSet } = picked;
  const value = await vscode.window.showInputBox({
    title,
    prompt: isSet
      ? `The value of “${name}”. Leave it empty to forget the stored one.`
      : `The value of “${name}”.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\x20-\x7e]*$/.test(text) ? undefined : 'Write letters, digits and signs in one line.',
  });
  if (value === undefined) return;
  await secrets.save(root, name, value.trim());
  await vscode.window.showInformationMessage(
    value.trim() === '' ? `“${name}” is forgotten.` : `“${name}” is set. What waits for it can be sent now.`,
  );
}
