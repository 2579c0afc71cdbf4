import { connectorFailures } from '../base/failures/connectors.ts';
import { invalidDefinition } from '../base/failures/definitions.ts';
import { connectorConfigSchema, type ConnectorConfig } from '../contracts/connector.ts';
import { checkYaml, readYaml } from '../contracts/parse-yaml.ts';
import { isProtectedPath, staysInside } from '../contracts/path-rules.ts';

/** Parses `.cairn/connectors/<id>.yaml`. Throws `definition.invalid` with line, column and a remedy. */
export function parseConnector(text: string, options: { readonly file: string }): ConnectorConfig {
  const yaml = readYaml(text, options);
  const checked = checkYaml(yaml, [], yaml.value, connectorConfigSchema);
  if ('flaws' in checked) throw invalidDefinition(checked.flaws);
  if (checked.value.type === 'webhook') return checked.value;
  const key = checked.value.type === 'feed' ? 'file' : 'folder';
  const path = checked.value.type === 'feed' ? checked.value.file : checked.value.folder;
  if (staysInside(path) && !isProtectedPath(path)) return checked.value;
  throw invalidDefinition([connectorFailures.folderOutside(yaml.place([key]), key, path)]);
}
