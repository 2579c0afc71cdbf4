import { headLineAt, lineAt } from '../markdown.ts';
import type { Problem, RuleFamily } from './rule-family.ts';

/** Leftovers of drafts and templates. In capitals where the word is also an ordinary one. */
const leftovers: readonly RegExp[] = [
  /(?<![\p{L}\p{N}])(?:TODO|TBD|TBC|TBA|FIXME|XXX|TKTK)(?![\p{L}\p{N}])/gu,
  /lorem ipsum/giu,
  /\{\{[^{}\n]{0,200}\}\}/gu,
  /\{%[^%\n]{0,200}%\}/gu,
  /\[(?:insert|your|placeholder|client|customer|company|name|date|price|amount)(?: [^[\]\n]{0,80})?\](?![([:])/giu,
  /<(?:insert|your|placeholder)(?:[ _-][^<>\n]{0,80})?>/giu,
];

export const placeholders: RuleFamily<'placeholders'> = {
  appliesTo: 'text',
  describe: () => 'Leave no placeholder such as TODO, TBD, lorem ipsum or {{ … }}.',
  examine: (_wanted, document) => {
    const inHead = found(document.head.yaml, (offset) => headLineAt(document, offset));
    const inBody = found(document.prose, (offset) => lineAt(document, offset));
    return { summary: 'has no placeholders', problems: [...inHead, ...inBody] };
  },
};

function found(text: string, lineOf: (offset: number) => number): Problem[] {
  const matches = leftovers.flatMap((pattern) => Array.from(text.matchAll(pattern)));
  return matches
    .toSorted((a, b) => a.index - b.index)
    .map((match) => ({ message: `still holds the placeholder “${match[0]}”`, line: lineOf(match.index) }));
}
