import { writeDocument } from './compose.ts';
import { conform } from './conform.ts';
import { fieldOf, givenName } from './item.ts';
import { draftOf } from './job.ts';
import { answerTo, greeting, itemMark, questionsOf, quoteOf, signOff } from './letter.ts';
import { tidy } from './tidy.ts';
import type { Draft } from '../../contracts/agent.ts';
import type { Section } from './compose.ts';
import type { Item } from './item.ts';
import type { Job } from './job.ts';

/** Below this a passage shares words with the question, but does not answer it. */
const LEAST_ANSWER = 0.45;

/** An answer to a mail: each question, with what the notes say to it; what they do not say stays open and is said to be. */
export function draftReply(job: Job, item: Item): Draft {
  const subject = tidy(fieldOf(item, /^subject$/) ?? item.source.title).replace(/^((re|aw|fwd?):\s*)+/i, '');
  const name = givenName(item);
  const asked = questionsOf(item.body);
  const told = asked.flatMap((question) => answerTo(job, question, LEAST_ANSWER) ?? []);
  // A question may find its answer in what another one has brought in.
  const open = asked.filter((about) => !job.chooser.speaksTo({ about, leastAnswer: LEAST_ANSWER }));
  const middle = told.length > 0 ? told : [answerTo(job, subject, LEAST_ANSWER) ?? ''].filter(Boolean);
  const sections = inSections(job, [
    [greeting(name), `Thank you for your mail about ${quoteOf(subject)} ${itemMark(item, job.path)}.`],
    middle,
    [...open.map((question) => openPoint(question)), signOff(job)],
  ]);
  const text = writeDocument(headOf(job, item, subject), `Re: ${subject}`, sections);
  const { text: content } = conform(job, text);
  return draftOf(job, content, {
    intent: `Replies to ${name ?? 'the sender'} about “${subject}”: ${asked.length - open.length} of ${asked.length} questions answered from the notes.`,
    unlocks: 'The reply can be checked and sent.',
  });
}

function openPoint(question: string): string {
  return `On ${quoteOf(question)} I will check and come back to you.`;
}

/** A reply has no headings, unless the workflow asks for some. */
function inSections(job: Job, parts: readonly (readonly string[])[]): readonly Section[] {
  const headings = job.wanted.sections;
  if (headings.length === 0) return [{ paragraphs: parts.flat() }];
  const [first = [], middle = [], last = []] = parts;
  const shares = headings.map((heading, i) => ({
    heading,
    paragraphs: middle.filter((_, n) => Math.floor((n * headings.length) / middle.length) === i),
  }));
  const filled = shares.map(({ heading, paragraphs }) => ({
    heading,
    paragraphs: paragraphs.length > 0 ? paragraphs : [answerTo(job, heading, 0) ?? ''].filter(Boolean),
  }));
  const end = filled.at(-1);
  return [
    { paragraphs: first },
    ...filled.slice(0, -1),
    ...(end ? [{ ...end, paragraphs: [...end.paragraphs, ...last] }] : []),
  ];
}

function headOf(job: Job, item: Item, subject: string): Record<string, string | readonly string[]> {
  const to = fieldOf(item, /^from$/)?.replace(/"/g, '');
  return {
    title: `Re: ${subject}`,
    ...(to ? { to } : {}),
    date: job.material.today,
    summary: `Reply to ${givenName(item) ?? 'a mail'} about ${subject}`,
    status: 'draft',
    sources: [],
  };
}
