import { connectorFailures, connectorProblems } from '../../base/failures/connectors.ts';
import { limits } from '../../base/limits.ts';
import type { Connector, ConnectorItem, ConnectorAnswer } from '../../contracts/connector.ts';
import { DropFolder, reasonOf, type DroppedFile } from '../drop-folder.ts';
import { readSelection, select, type Parameters } from '../selection.ts';
import { readMail } from './mails.ts';
import { readRows } from './rows.ts';
import { readText } from './texts.ts';

interface Reader {
  readonly endings: readonly string[];
  read(file: DroppedFile): ConnectorAnswer | Promise<ConnectorAnswer>;
}

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['mails', { endings: ['.eml'], read: readMail }],
  ['rows', { endings: ['.csv', '.tsv'], read: readRows }],
  ['texts', { endings: ['.txt', '.md'], read: readText }],
]);

export interface FileDropOptions {
  readonly id: string;
  readonly root: string;
  /** Path in the company. */
  readonly folder: string;
}

/** A folder that other programs drop files into: mails, tables, texts. Only what lies right in it is read. */
export class FileDrop implements Connector {
  readonly id: string;
  readonly operations: readonly string[] = [...readers.keys(), 'list'];
  readonly #folder: string;
  readonly #files: DropFolder;

  constructor({ id, root, folder }: FileDropOptions) {
    this.id = id;
    this.#folder = folder.replace(/\/+$/, '');
    this.#files = new DropFolder(id, root);
  }

  async read(operation: string, parameters: Parameters): Promise<ConnectorAnswer> {
    const reader = readers.get(operation);
    if (!reader && operation !== 'list') {
      throw connectorFailures.unknownOperation(this.id, operation, this.operations);
    }
    const selection = readSelection(this.id, parameters, reader ? ['file'] : []);
    const names = await this.#files.names(this.#folder);
    if (!reader)
      return select(this.id, { items: names.map((name) => this.#listed(name)), problems: [] }, selection);
    const wanted = names.filter((name) =>
      reader.endings.some((ending) => name.toLowerCase().endsWith(ending)),
    );
    return select(
      this.id,
      await this.#readAll(reader, this.#chosen(wanted, parameters.file ?? '')),
      selection,
    );
  }

  /** The files to read; `file` may be given as a name or as its path in the company. */
  #chosen(names: readonly string[], file: string): readonly string[] {
    if (file.trim() === '') return names;
    const name = names.find((one) => one === file.trim() || this.#path(one) === file.trim());
    if (name === undefined) throw connectorFailures.noSuchFile(this.id, file.trim(), names);
    return [name];
  }

  async #readAll(reader: Reader, names: readonly string[]): Promise<ConnectorAnswer> {
    const items: ConnectorItem[] = [];
    const problems: string[] = [];
    if (names.length > limits.connectorItems) {
      problems.push(connectorProblems.tooMany('files', names.length, limits.connectorItems));
    }
    for await (const read of this.#reads(reader, names.slice(0, limits.connectorItems))) {
      items.push(...read.items);
      problems.push(...read.problems);
    }
    return { items, problems };
  }

  /** One file after the other, so that no more than one is held whole. */
  async *#reads(reader: Reader, names: readonly string[]): AsyncGenerator<ConnectorAnswer> {
    for (const name of names) yield this.#readOne(reader, this.#path(name));
  }

  /** One bad file never costs the others. */
  async #readOne(reader: Reader, path: string): Promise<ConnectorAnswer> {
    const file = await this.#files.read(path);
    if ('problem' in file) return { items: [], problems: [file.problem] };
    try {
      return await reader.read(file);
    } catch (thrown) {
      return { items: [], problems: [connectorProblems.unreadable(path, reasonOf(thrown))] };
    }
  }

  #listed(name: string): ConnectorItem {
    return { id: name, title: name, text: '', uri: this.#path(name), fields: { file: name } };
  }

  #path(name: string): string {
    return this.#folder === '' || this.#folder === '.' ? name : `${this.#folder}/${name}`;
  }
}
