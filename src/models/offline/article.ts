import {
  NOTHING_KNOWN,
  allot,
  callToAction,
  closed,
  composeSection,
  sectionBudget,
  statementsOf,
  writeDocument,
} from './compose.ts';
import { conform } from './conform.ts';
import { leans } from './evidence.ts';
import { attribute, citedSources, draftOf, speak } from './job.ts';
import { asSentence, countWords } from './tidy.ts';
import type { Draft } from '../../contracts/agent.ts';
import type { Section } from './compose.ts';
import type { Job } from './job.ts';

const SUMMARY_LENGTH = 220;
const OUTLINE_WORDS = 7;
const MOST_SECTIONS = 4;
const OPENING_SENTENCES = 2;
const MOST_OPENING = 5;

/** A text for readers: the brief’s message, sections that the notes support, the call to action. */
export function draftArticle(job: Job): Draft {
  const opening = openingOf(job);
  const closing = callToAction(job);
  const spent = countWords([...opening, ...closing].join(' '));
  const sections = closed(
    job,
    composeSections(job, headingsFor(job), { spent, namesBrief: opening.length === 0 }),
    closing,
  );
  const text = writeDocument(
    headOf(job, opening),
    job.title,
    withSomething([{ paragraphs: opening }, ...sections]),
  );
  const { text: content } = conform(job, text);
  const count = [...citedSources(job, content)].filter((id) => id !== job.brief?.source.id).length;
  return draftOf(job, content, {
    intent: `Drafts “${job.title}” from ${job.brief ? 'the brief and ' : ''}${count} ${job.brief ? 'other ' : ''}cited ${count === 1 ? 'source' : 'sources'}.`,
    unlocks: `“${job.title}” can be edited and checked.`,
  });
}

/** A text is never empty: where no source says anything, that is what it says. */
function withSomething(sections: readonly Section[]): readonly Section[] {
  return sections.some(({ paragraphs }) => paragraphs.length > 0)
    ? sections
    : [{ paragraphs: [NOTHING_KNOWN] }];
}

function composeSections(
  job: Job,
  headings: readonly string[],
  options: { readonly spent: number; readonly namesBrief: boolean },
): Section[] {
  const parts = job.brief?.parts ?? {};
  const told = [...statementsOf(parts.story).slice(openingStory(job).length), ...statementsOf(parts.points)];
  const hints = [...(parts.points ?? []), ...(parts.mentions ?? []), ...(parts.goal ?? [])];
  const [statements, steering] = [allot(told, headings), allot(hints, headings)];
  const words = sectionBudget(job, headings.length, options.spent);
  return headings.map((heading, i) =>
    composeSection(job, {
      heading,
      statements: statements[i] ?? [],
      hints: (steering[i] ?? []).join(' '),
      words,
      namesBrief: options.namesBrief,
    }),
  );
}

function openingOf(job: Job): string[] {
  const { brief } = job;
  const message = (brief?.parts.message ?? [])
    .slice(0, 2)
    .map((text) => asSentence(text.replace(/^["“]|["”]$/g, '')));
  const story = openingStory(job);
  const said = [...message, ...story];
  said.forEach((sentence) => job.chooser.remember(sentence));
  if (brief && said.length > 0) return [attribute(said, brief.source, job.path)];
  const passage = job.chooser.pick({ about: job.title });
  return passage ? [speak(passage, job.path)] : [];
}

/** The headings asked for, or the brief’s own outline, or plain ones. */
function headingsFor(job: Job): readonly string[] {
  if (job.wanted.sections.length > 0) return job.wanted.sections;
  const outline = (job.brief?.parts.points ?? [])
    .map((point) => point.replace(/[.:;]$/, ''))
    .filter((point) => point.split(' ').length <= OUTLINE_WORDS);
  if (outline.length >= 2) return outline.slice(0, MOST_SECTIONS);
  return ['Why it matters', 'What we have seen', 'What to do next'];
}

/** The first sentences of the brief’s story, and those that lean on them. */
function openingStory(job: Job): readonly string[] {
  const story = statementsOf(job.brief?.parts.story);
  const end = story.findIndex((sentence, i) => i >= OPENING_SENTENCES && !leans(sentence, false));
  return story.slice(0, Math.min(end < 0 ? story.length : end, MOST_OPENING));
}

function headOf(job: Job, opening: readonly string[]): Record<string, string | readonly string[]> {
  const { brief, material } = job;
  const told =
    brief?.parts.message?.[0] ?? brief?.parts.goal?.[0] ?? opening[0]?.replace(/\s*\[.*$/s, '') ?? job.title;
  const summary =
    told.length > SUMMARY_LENGTH ? `${told.slice(0, SUMMARY_LENGTH).replace(/\s+\S*$/, '')}…` : told;
  return {
    title: job.title,
    date: material.today,
    summary: summary.replace(/^["“]|["”]$/g, ''),
    status: 'draft',
    sources: [],
  };
}
