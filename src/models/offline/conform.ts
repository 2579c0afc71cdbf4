import { addCitations, addMentions, addSections, addWords, fillHeadings } from './additions.ts';
import { readHead, withKey, withSources, yamlText } from './front-matter.ts';
import { citedSources } from './job.ts';
import { dropDeadLinks, dropForbidden, dropLeftovers, dropWords } from './removals.ts';
import { changed } from './revision.ts';
import type { Job } from './job.ts';
import type { Revision } from './revision.ts';

type Measure = (job: Job, revision: Revision) => Revision;

/** Takes out what must not be there, then adds what is missing, then fits the length. What cannot be met stays open. */
const MEASURES: readonly Measure[] = [
  dropForbidden,
  dropDeadLinks,
  dropLeftovers,
  addSections,
  addMentions,
  addCitations,
  addWords,
  dropWords,
  fillHeadings,
  setKeys,
  listSources,
];

export function conform(job: Job, text: string): Revision {
  return MEASURES.reduce<Revision>((revision, measure) => measure(job, revision), { text, changes: [] });
}

function setKeys(job: Job, revision: Revision): Revision {
  const head = readHead(revision.text);
  const given = job.brief ? readHead(job.brief.source.text) : new Map<string, string>();
  const known: Record<string, string | undefined> = {
    title: job.title,
    date: job.material.today,
    summary: job.brief?.parts.message?.[0] ?? job.title,
    description: job.brief?.parts.message?.[0] ?? job.title,
    status: 'draft',
    slug: job.path
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, ''),
    audience: job.brief?.parts.audience?.[0],
  };
  return job.wanted.keys
    .filter((key) => !head.get(key) && key !== 'sources')
    .reduce((current, key) => {
      const value = known[key] ?? given.get(key);
      return value ? changed(current, withKey(current.text, key, yamlText(value)), `sets “${key}”`) : current;
    }, revision);
}

function listSources(job: Job, revision: Revision): Revision {
  const asked = job.wanted.keys.includes('sources') || readHead(revision.text).has('sources');
  return asked
    ? {
        ...revision,
        text: withSources(
          revision.text,
          citedSources(job, revision.text),
          job.material.sources.map((source) => source.id),
        ),
      }
    : revision;
}
