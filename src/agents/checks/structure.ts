import { parseDocument } from 'yaml';
import { isObject } from '../../base/json.ts';
import { headings } from '../markdown.ts';
import { quotedList } from './phrase.ts';
import type { Examined, RuleFamily } from './rule-family.ts';

export const sections: RuleFamily<'sections'> = {
  appliesTo: 'markdown',
  describe: (wanted) => `Have the ${headingWord(wanted)} ${quotedList(wanted)}.`,
  examine: (wanted, document) => {
    const present = new Set(headings(document).map((heading) => plainHeading(heading.text)));
    const missing = wanted.filter((heading) => !present.has(plainHeading(heading)));
    return {
      summary: `has the ${headingWord(wanted)} ${quotedList(wanted)}`,
      problems: missing.map((heading) => ({ message: `has no heading “${heading}”` })),
    };
  },
};

export const frontMatter: RuleFamily<'front-matter'> = {
  appliesTo: 'markdown',
  describe: (keys) => `Begin with front matter that sets ${quotedList(keys)}.`,
  examine: (keys, document) => {
    if (document.head.frontMatter === 'none') return noFrontMatter(keys, 'has no front matter');
    if (document.head.frontMatter === 'open') return noFrontMatter(keys, 'has front matter that never ends');
    const head = readHead(document.head.yaml);
    if (!head) return noFrontMatter(keys, 'has front matter that is not valid YAML');
    const unset = keys.filter((key) => !isSet(head.get(key)));
    return {
      summary: `sets ${quotedList(keys)}`,
      problems: unset.map((key) => ({ message: `does not set “${key}” in its front matter`, line: 1 })),
    };
  },
};

function headingWord(wanted: readonly string[]): string {
  return wanted.length === 1 ? 'heading' : 'headings';
}

/** Case, emphasis, numbering and final punctuation of a heading do not matter. */
function plainHeading(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[*_`~]/g, '')
    .replace(/^\d{1,2}(?:\.\d{1,2})*[.):]\s+/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[:.]$/, '')
    .toLowerCase();
}

function noFrontMatter(keys: readonly string[], what: string): Examined {
  return { summary: what, problems: [{ message: `${what}, so nothing sets ${quotedList(keys)}`, line: 1 }] };
}

function readHead(yaml: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const document = parseDocument(yaml, { logLevel: 'silent' });
    if (document.errors.length > 0) return undefined;
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return isObject(value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    // Alias bombs and unresolved aliases are thrown only here.
    return undefined;
  }
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'string' || value.trim() !== '';
}
