import { loadEach, readExisting } from './load-definition.ts';
import type { Ports } from './ports.ts';
import { companyPaths } from '../contracts/company.ts';
import { secretsOf } from '../contracts/connector.ts';
import { parseConnector } from '../connectors/connector-file.ts';

const suffix = '.yaml';

/** A secret that connectors of the company name. */
export interface ConnectorSecret {
  readonly name: string;
  readonly connectors: readonly string[];
  readonly isSet: boolean;
}

/** The secrets that connectors name, without their values. Connectors that cannot be read name none. */
export async function listSecrets(ports: Pick<Ports, 'files' | 'secretOf'>): Promise<ConnectorSecret[]> {
  const named = [...(await connectorsBySecret(ports))].map(async ([name, connectors]) => {
    return { name, connectors, isSet: Boolean(await ports.secretOf(name)) };
  });
  return Promise.all(named);
}

/** The values of those that are set, so that no proposal holds one. */
export async function knownSecrets(
  ports: Pick<Ports, 'files' | 'secretOf'>,
): Promise<readonly { readonly name: string; readonly value: string }[]> {
  const values = [...(await connectorsBySecret(ports)).keys()].map(async (name) => {
    const value = await ports.secretOf(name);
    return value ? [{ name, value }] : [];
  });
  return (await Promise.all(values)).flat();
}

async function connectorsBySecret({
  files,
}: Pick<Ports, 'files'>): Promise<ReadonlyMap<string, readonly string[]>> {
  const paths = await files.list(companyPaths.connectors, suffix);
  const { items } = await loadEach(paths, async (file) => {
    const id = file.slice(companyPaths.connectors.length + 1, -suffix.length);
    return { id, secrets: secretsOf(parseConnector(await readExisting(files, file), { file })) };
  });
  const found = new Map<string, readonly string[]>();
  for (const { id, secrets } of items)
    for (const name of new Set(secrets)) found.set(name, [...(found.get(name) ?? []), id]);
  return found;
}
