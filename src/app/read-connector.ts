import { readExisting } from './load-definition.ts';
import type { Ports } from './ports.ts';
import type { StepScope } from './step-scope.ts';
import { AppError } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import { companyPaths } from '../contracts/company.ts';
import type { Connector, ConnectorItem } from '../contracts/connector.ts';
import type { Source } from '../contracts/model.ts';
import type { ConnectorRead } from '../contracts/workflow.ts';
import { parseConnector } from '../connectors/connector-file.ts';

/** What a connector answers, as sources. All of it comes from outside, so all of it is untrusted (promise P7). */
export async function readConnector(ports: Ports, read: ConnectorRead, scope: StepScope): Promise<Source[]> {
  const items = await readItems(ports, { ...read, with: scope.record(read.with, 'with') });
  return items.map((item) => sourceOf(read.connector, item));
}

/** What a connector answers to parameters that are rendered already; what it had to leave out is logged. */
export async function readItems(
  ports: Ports,
  { connector: id, operation, with: parameters }: ConnectorRead,
): Promise<readonly ConnectorItem[]> {
  const connector = await connectTo(ports, id);
  const { items, problems } = await connector.read(operation, parameters);
  for (const problem of problems) ports.log(`${id}: ${problem}`);
  return items;
}

/** The connector of that name, as its file describes it now. Throws `connector.missing`, `definition.invalid`. */
export async function connectTo(ports: Ports, id: string): Promise<Connector> {
  const file = `${companyPaths.connectors}/${id}.yaml`;
  return ports.connect(id, parseConnector(await connectorText(ports, id, file), { file }));
}

async function connectorText(ports: Ports, id: string, file: string): Promise<string> {
  try {
    return await readExisting(ports.files, file);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'file.missing')
      throw appFailures.connectorMissing(id, { file });
    throw thrown;
  }
}

function sourceOf(connector: string, { id, title, text, uri, date, fields }: ConnectorItem): Source {
  const lines = Object.entries(fields).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return {
    id: `${connector}:${id}`,
    kind: 'connector',
    title,
    text: [lines.join('\n'), text].filter(Boolean).join('\n\n'),
    uri,
    date,
    untrusted: true,
  };
}
