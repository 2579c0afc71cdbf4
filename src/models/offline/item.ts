import { readHead } from './front-matter.ts';
import type { Material, Source } from '../../contracts/model.ts';

/** A mail or a row, as a connector hands it over: fields on lines of their own, then the text. */
export interface Item {
  readonly source: Source;
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The item that the step is about: the one that the run’s inputs name, else the newest, else the first. */
export function pickItem(material: Material): Item | undefined {
  const items = material.sources.filter((source) => source.kind === 'connector').map(readItem);
  const wishes = Object.values(material.inputs)
    .filter((value) => typeof value === 'string')
    .map((value) => value.trim().toLowerCase())
    .filter((value) => value.length > 2);
  const isNamed = ({ source, fields }: Item): boolean =>
    wishes.some((wish) =>
      [source.id, source.title, source.uri, ...fields.values()].join('\n').toLowerCase().includes(wish),
    );
  const newest = [...items].sort((a, b) => (b.source.date ?? '').localeCompare(a.source.date ?? ''));
  return items.find(isNamed) ?? newest[0];
}

export function readItem(source: Source): Item {
  const [lines = '', ...rest] = source.text.replace(/\r/g, '').split('\n\n');
  const pairs = lines.split('\n').map((line) => /^([\p{L}][\w .-]{0,40}):[ \t]*(.*)$/u.exec(line));
  const isFields = lines !== '' && pairs.every((pair) => pair !== null);
  if (!isFields) return { source, fields: readHead(source.text), body: source.text };
  const fields = pairs.map((pair) => [(pair?.[1] ?? '').toLowerCase(), (pair?.[2] ?? '').trim()] as const);
  return { source, fields: new Map(fields), body: rest.join('\n\n') };
}

/** What a lead says that it needs. */
export const WISH =
  /^(need|needs|message|project|request|brief|notes?|interest|description|about|looking[ _-]for|wants?|goal)$/;

/** Whom or what the item is about, for people. */
export function nameOf(item: Item): string {
  return fieldOf(item, /^(company|business|organi[sz]ation)$/) ?? item.source.title;
}

/** The first field of one of these names that holds something. */
export function fieldOf(item: Item, names: RegExp): string | undefined {
  return [...item.fields].find(([name, value]) => names.test(name) && value !== '')?.[1];
}

/** The name that a letter to this person begins with. */
export function givenName(item: Item): string | undefined {
  const written = fieldOf(item, /^(from|contact|contact[ _-]?(name|person)|name|person)$/);
  const name = written
    ?.replace(/<[^>]*>/g, '')
    .replace(/["']/g, '')
    .trim();
  const signed =
    /\n\s*(?:best|best wishes|best regards|thanks|many thanks|thank you|kind regards|regards|cheers|warmly|all the best)[,!.]?\s*\n+\s*([\p{L}’'-]+)/iu.exec(
      item.body,
    )?.[1];
  const first = name && !name.includes('@') ? name.split(/[\s,]+/)[0] : signed;
  return first || undefined;
}
