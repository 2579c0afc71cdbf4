import type { Connector, ConnectorConfig, SecretOf } from '../contracts/connector.ts';
import { Feed } from './feed/feed.ts';
import { FileDrop } from './file-drop/file-drop.ts';
import { Webhook } from './webhook/webhook.ts';

/** The connector that a configuration describes, held inside the company at `root`. Nothing is read yet. */
export function openConnector(
  id: string,
  config: ConnectorConfig,
  root: string,
  secretOf: SecretOf = async () => undefined,
): Connector {
  switch (config.type) {
    case 'file-drop':
      return new FileDrop({ id, root, folder: config.folder });
    case 'feed':
      return new Feed({ id, root, file: config.file });
    case 'webhook':
      return new Webhook(id, config, secretOf);
  }
}
