import { citation } from './citation.ts';
import { isStatement } from './evidence.ts';
import { speak } from './job.ts';
import { sentencesOf } from './sentences.ts';
import { asSentence, countWords, tidy } from './tidy.ts';
import type { Passage } from './evidence.ts';
import type { Item } from './item.ts';
import type { Job } from './job.ts';

const QUOTE_WORDS = 30;
const ASKS =
  /\b(could you|can you|would you|do you|please (?:send|tell|let)|let me know|i(?:['’]d| would) (?:like|love) to know|wondering|we need|looking for)\b/i;

/** What somebody asks, in their own words. A thread’s older mails and the signature are left out. */
export function questionsOf(body: string): readonly string[] {
  const own = body
    .split(/\n(?:--\s*\n|On .{5,120} wrote:|-+ ?Original Message)/)[0]
    ?.split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n');
  const sentences = sentencesOf(own ?? '').map((sentence) => sentence.text);
  const asked = sentences.filter((text) => text.endsWith('?') || ASKS.test(text));
  return asked.filter((text) => countWords(text) >= 3).slice(0, 6);
}

/** The mail or the row as a source for what is quoted from it. */
export function itemMark(item: Item, path: string): string {
  return citation({ ...item.source, title: 'request' }, path);
}

/** Their words, short. */
export function quoteOf(words: string): string {
  const parts = tidy(words).replace(/[“”"]/g, '’').split(' ');
  const short = parts.length > QUOTE_WORDS ? `${parts.slice(0, QUOTE_WORDS).join(' ')} …` : parts.join(' ');
  return `“${short.replace(/[.,;]$/, '')}”`;
}

/** The passage of the notes that speaks to a question, as prose; nothing when none does. */
export function answerTo(job: Job, question: string, leastAnswer: number): string | undefined {
  const accept = (passage: Passage): boolean => passage.facts.every((fact) => isStatement(fact.sentence));
  const passage = job.chooser.pick({ about: question, leastAnswer, accept });
  return passage && speak(passage, job.path);
}

/** The owner’s name, where the house rules give it. */
export function ownerOf(rules: string): string | undefined {
  const name = '([A-Z][\\p{L}’-]+(?: [A-Z][\\p{L}’-]+){0,2})';
  const ways = [
    `sign(?:s|ed)?(?: off)?(?: every)?(?: mails?| replies| letters?)?(?: as| with|:)? [“"'*]*${name}`,
    `(?:run|owned|founded|led) by [*_]*${name}`,
    `(?:owner|founder|designer|operator)(?: is|:)? [*_]*${name}`,
    `I(?: am|['’]m) ${name}`,
  ];
  for (const way of ways) {
    const found = new RegExp(way, 'u').exec(rules)?.[1];
    if (found) return found;
  }
  return undefined;
}

export function signOff(job: Job): string {
  const owner = ownerOf(job.material.company.rules);
  return owner ? `Best regards\n\n${owner}` : 'Best regards';
}

export function greeting(name: string | undefined): string {
  return name ? `Hi ${asSentence(name).replace(/\.$/, '')},` : 'Hello,';
}
