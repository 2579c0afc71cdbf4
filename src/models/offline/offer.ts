import { allot, closed, composeSection, sectionBudget, statementsOf, writeDocument } from './compose.ts';
import { conform } from './conform.ts';
import { WISH, fieldOf, givenName, nameOf } from './item.ts';
import { draftOf } from './job.ts';
import { greeting, itemMark, quoteOf, signOff } from './letter.ts';
import { countWords, tidy } from './tidy.ts';
import type { Draft } from '../../contracts/agent.ts';
import type { Section } from './compose.ts';
import type { Item } from './item.ts';
import type { Job } from './job.ts';

const HEADINGS = ['Your project', 'How we would work', 'Price and timing', 'Next step'];
const FACT = /^(budget|deadline|timing|timeline|start|due|service|package)$/;

/** A proposal for a lead: what they asked for in their own words, then what the notes say on how, when and for how much. */
export function draftOffer(job: Job, item: Item): Draft {
  const company = tidy(nameOf(item));
  const wish = fieldOf(item, WISH) ?? tidy(item.body);
  const opening = openingOf(item, wish, job.path);
  const headings = job.wanted.sections.length > 0 ? job.wanted.sections : HEADINGS;
  const sections = closed(
    job,
    composeParts(job, { headings, wish, item, spent: countWords(opening.join(' ')) }),
    [],
  );
  const title = `Proposal for ${company}`;
  const closing: Section = { paragraphs: [signOff(job)] };
  const head = {
    title,
    date: job.material.today,
    summary: summaryOf(wish, company),
    status: 'draft',
    sources: [],
  };
  const text = writeDocument(head, title, [{ paragraphs: opening }, ...sections, closing]);
  const { text: content } = conform(job, text);
  return draftOf(job, content, {
    intent: `Drafts a proposal for ${company} from the lead and what the notes say on like work.`,
    unlocks: 'The proposal can be checked and sent.',
  });
}

function openingOf(item: Item, wish: string, path: string): string[] {
  const said = wish ? [`You wrote: ${quoteOf(wish)} ${itemMark(item, path)}.`] : [];
  const facts = [...item.fields].filter(([name, value]) => FACT.test(name) && value !== '');
  const known = facts.map(([name, value]) => `${name.replace(/[_-]/g, ' ')}: ${tidy(value)}`).join('; ');
  return [greeting(givenName(item)), ...said, ...(known ? [`What I have noted so far: ${known}.`] : [])];
}

function composeParts(
  job: Job,
  { headings, wish, item, spent }: { headings: readonly string[]; wish: string; item: Item; spent: number },
): Section[] {
  const { brief } = job;
  const statements = allot(
    statementsOf([...(brief?.parts.message ?? []), ...(brief?.parts.story ?? [])]),
    headings,
  );
  const words = sectionBudget(job, headings.length, spent);
  const hints = `${wish} ${[...item.fields.values()].join(' ')}`.slice(0, 600);
  return headings.map((heading, i) =>
    composeSection(job, {
      heading,
      statements: statements[i] ?? [],
      hints: i === 0 ? hints : '',
      words,
      namesBrief: true,
    }),
  );
}

function summaryOf(wish: string, company: string): string {
  const words = tidy(wish)
    .split(' ')
    .slice(0, 18)
    .join(' ')
    .replace(/[.,;:]$/, '');
  return words ? `${company}: ${words}` : `What we propose to ${company}`;
}
