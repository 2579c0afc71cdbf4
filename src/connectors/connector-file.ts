import { connectorFailures } from '../base/failures/connectors.ts';
import { invalidDefinition } from '../base/failures/definitions.ts';
import { connectorConfigSchema, secretsOf, type ConnectorConfig } from '../contracts/connector.ts';
import { checkYaml, readYaml } from '../contracts/parse-yaml.ts';
import { isProtectedPath, staysInside } from '../contracts/path-rules.ts';

/** Parses `.cairn/connectors/<id>.yaml`. Throws `definition.invalid` with line, column and a remedy. */
export function parseConnector(text: string, options: { readonly file: string }): ConnectorConfig {
  const yaml = readYaml(text, options);
  const checked = checkYaml(yaml, [], yaml.value, connectorConfigSchema);
  if ('flaws' in checked) throw invalidDefinition(checked.flaws);
  if (checked.value.type === 'webhook') {
    if (!sendsOpenly(checked.value.url) || secretsOf(checked.value).length === 0) return checked.value;
    throw invalidDefinition([connectorFailures.secretUnencrypted(yaml.place(['url']))]);
  }
  const key = checked.value.type === 'feed' ? 'file' : 'folder';
  const path = checked.value.type === 'feed' ? checked.value.file : checked.value.folder;
  if (staysInside(path) && !isProtectedPath(path)) return checked.value;
  throw invalidDefinition([connectorFailures.folderOutside(yaml.place([key]), key, path)]);
}

/** What stays on this machine needs no encryption. */
function sendsOpenly(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
