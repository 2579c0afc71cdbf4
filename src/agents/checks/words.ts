import type { RuleFamily } from './rule-family.ts';

const ideograph = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/gu;

/** Words of the body: what stands between blanks and holds a letter or a digit; each ideograph is one. */
export function countWords(body: string): number {
  const seen = body.replace(/<!--[\s\S]*?(?:-->|$)/g, ' ');
  const ideographs = seen.match(ideograph)?.length ?? 0;
  const spaced = seen.replace(ideograph, ' ').split(/\s+/);
  return ideographs + spaced.filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
}

export const words: RuleFamily<'words'> = {
  appliesTo: 'text',

  describe: ({ min, max }) => {
    if (min !== undefined && max !== undefined) return `Write ${min} to ${max} words.`;
    if (min !== undefined) return `Write at least ${counted(min)}.`;
    return max === undefined ? 'Any number of words will do.' : `Write at most ${counted(max)}.`;
  },

  examine: ({ min, max }, document) => {
    const count = countWords(document.body);
    const summary = `has ${counted(count)}`;
    if (min !== undefined && count < min) {
      return { summary, problems: [{ message: `${summary}, needs at least ${min}` }] };
    }
    if (max !== undefined && count > max) {
      return { summary, problems: [{ message: `${summary}, may have at most ${max}` }] };
    }
    return { summary, problems: [] };
  },
};

function counted(count: number): string {
  return count === 1 ? '1 word' : `${count} words`;
}
