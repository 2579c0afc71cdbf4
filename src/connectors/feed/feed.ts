import { parseFeed } from 'feedsmith';
import { connectorFailures } from '../../base/failures/connectors.ts';
import type { Connector, ConnectorItem, ConnectorAnswer } from '../../contracts/connector.ts';
import { decodeText, DropFolder, reasonOf } from '../drop-folder.ts';
import { htmlToText, tidy } from '../mail-text.ts';
import { isoDate, readSelection, select, type Parameters } from '../selection.ts';
import { entriesOf, type FeedEntry } from './entries.ts';

export interface FeedOptions {
  readonly id: string;
  readonly root: string;
  /** Path in the company. */
  readonly file: string;
}

/** A feed in a file of the company: RSS, Atom, RDF or JSON Feed. */
export class Feed implements Connector {
  readonly id: string;
  readonly operations: readonly string[] = ['entries'];
  readonly #file: string;
  readonly #files: DropFolder;

  constructor({ id, root, file }: FeedOptions) {
    this.id = id;
    this.#file = file;
    this.#files = new DropFolder(id, root);
  }

  async read(operation: string, parameters: Parameters): Promise<ConnectorAnswer> {
    if (operation !== 'entries')
      throw connectorFailures.unknownOperation(this.id, operation, this.operations);
    const selection = readSelection(this.id, parameters, []);
    await this.#files.hold(this.#file);
    const entries = this.#parse(await this.#text());
    const items = await Promise.all(entries.map((entry, i) => this.#itemOf(entry, i)));
    return select(this.id, { items, problems: [] }, selection);
  }

  async #text(): Promise<string> {
    const file = await this.#files.read(this.#file);
    if ('problem' in file) throw connectorFailures.unreadable(this.id, this.#file, new Error(file.problem));
    const text = decodeText(file.bytes);
    if (text === undefined) throw connectorFailures.badFeed(this.id, this.#file, 'it is not text');
    return text;
  }

  #parse(text: string): readonly FeedEntry[] {
    try {
      return entriesOf(parseFeed(text));
    } catch (thrown) {
      throw connectorFailures.badFeed(this.id, this.#file, reasonOf(thrown));
    }
  }

  async #itemOf(entry: FeedEntry, index: number): Promise<ConnectorItem> {
    const title = await htmlToText(entry.title ?? '');
    const date = isoDate(entry.date);
    const link = entry.link !== undefined && /^https?:\/\//i.test(entry.link) ? entry.link : undefined;
    const fields = { title, link, date };
    return {
      id: entry.id ?? link ?? `${index + 1}`,
      title: title === '' ? 'Untitled' : title,
      text: entry.html === undefined ? tidy(entry.text ?? '') : await htmlToText(entry.html),
      uri: link ?? `${this.#file}#${index + 1}`,
      date,
      fields: Object.fromEntries(
        Object.entries(fields).flatMap(([key, value]) => (value ? [[key, value]] : [])),
      ),
    };
  }
}
