import { headLineAt, lineAt, type TextDocument } from '../markdown.ts';
import { phrasePattern, quotedList } from './phrase.ts';
import type { Problem, RuleFamily } from './rule-family.ts';

/** A phrase left empty by its template asks for nothing. */
const given = (phrase: string): boolean => phrase.trim() !== '';

export const mentions: RuleFamily<'mentions'> = {
  appliesTo: 'text',
  describe: (phrases) =>
    phrases.some(given) ? `Mention ${quotedList(phrases.filter(given))}.` : 'Nothing has to be mentioned.',
  examine: (phrases, document) => {
    const wanted = phrases.filter(given);
    const missing = wanted.filter((phrase) => !phrasePattern(phrase).test(document.body));
    return {
      summary: wanted.length === 0 ? 'has nothing it must mention' : `mentions ${quotedList(wanted)}`,
      problems: missing.map((phrase) => ({ message: `does not mention “${phrase.trim()}”` })),
    };
  },
};

export const forbids: RuleFamily<'forbids'> = {
  appliesTo: 'text',
  describe: (phrases) =>
    phrases.some(given)
      ? `Do not write ${quotedList(phrases.filter(given), 'or')}.`
      : 'No phrase is ruled out.',
  examine: (phrases, document) => ({
    summary: 'has none of the phrases to avoid',
    problems: phrases.filter(given).flatMap((phrase) => uses(phrase, document)),
  }),
};

/** The front matter is published too, as title and summary, so it is looked through as well. */
function uses(phrase: string, document: TextDocument): Problem[] {
  const pattern = phrasePattern(phrase);
  const head = [...document.head.yaml.matchAll(pattern)].map((match) => ({
    message: `${told(match[0])}, in its front matter`,
    line: headLineAt(document, match.index),
  }));
  const body = [...document.body.matchAll(pattern)].map((match) => ({
    message: told(match[0]),
    line: lineAt(document, match.index),
  }));
  return [...head, ...body];
}

function told(found: string): string {
  return `says “${found.replace(/\s+/g, ' ')}”, which is to be avoided`;
}
