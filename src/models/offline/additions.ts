import { citation, cited } from './citation.ts';
import { NOTHING_KNOWN, callToAction } from './compose.ts';
import { factsOf, isStatement } from './evidence.ts';
import { splitDocument } from './front-matter.ts';
import { attribute, citedSources, speak } from './job.ts';
import { emptyHeadings, withAddition, withParagraph, withSection, withWording } from './patch.ts';
import { overlap, relevance, termsOf } from './ranking.ts';
import { citedTargets, hasLeftover, headingsOf, plainHeading } from './requirements.ts';
import { changed, repeat } from './revision.ts';
import { sentencesOf } from './sentences.ts';
import { asSentence, countWords, holds } from './tidy.ts';
import type { Fact } from './evidence.ts';
import type { Job } from './job.ts';
import type { Revision } from './revision.ts';

/** Two sentences with so many terms, of which they share so many, say the same. */
const SAME_TERMS = 4;
const SAME = 0.7;

export function addSections(job: Job, revision: Revision): Revision {
  const missing = (text: string): string[] => {
    const present = new Set(headingsOf(splitDocument(text).body).map(plainHeading));
    return job.wanted.sections.filter((heading) => !present.has(plainHeading(heading)));
  };
  return missing(revision.text).reduce((current, heading) => {
    const passage = job.chooser.pick({ about: heading });
    const paragraph = passage ? speak(passage, job.path) : (unsaidAction(job, current.text) ?? NOTHING_KNOWN);
    return changed(current, withSection(current.text, heading, paragraph), `adds the section “${heading}”`);
  }, revision);
}

export function addMentions(job: Job, revision: Revision): Revision {
  return job.wanted.mentions.reduce((current, phrase) => {
    if (holds(splitDocument(current.text).body, phrase)) return current;
    const fact = factThatMentions(job, phrase);
    if (!fact) return current;
    const sentence = attribute([asSentence(fact.sentence.text)], fact.source, job.path);
    return changed(
      current,
      withAddition(current.text, sentence, job.evidence.weights),
      `mentions “${phrase}”`,
    );
  }, revision);
}

export function addCitations(job: Job, revision: Revision): Revision {
  const count = (text: string): number => citedTargets(splitDocument(text).body).size;
  return repeat(revision, (current) => {
    if (count(current.text) >= job.wanted.minCites) return undefined;
    const known = citedSources(job, current.text);
    const attributed = attributeKnown(job, current, known);
    if (attributed) return attributed;
    return addPassage(job, current, { isNew: (id) => !known.has(id), why: 'cites another source' });
  });
}

export function addWords(job: Job, revision: Revision): Revision {
  return repeat(revision, (current) => {
    if (countWords(splitDocument(current.text).body) >= job.wanted.minWords) return undefined;
    return addPassage(job, current, { isNew: () => true, why: 'says more from the notes' });
  });
}

export function fillHeadings(job: Job, revision: Revision): Revision {
  return emptyHeadings(revision.text).reduce((current, heading) => {
    const passage = job.chooser.pick({ about: heading });
    if (!passage) return current;
    return changed(
      current,
      withParagraph(current.text, heading, speak(passage, job.path)),
      `fills “${heading}”`,
    );
  }, revision);
}

function unsaidAction(job: Job, text: string): string | undefined {
  return callToAction(job).find((action) => !holds(text, action));
}

/** The best sentence of a note that has the phrase, else of any source: a statement before a fragment. */
function factThatMentions(job: Job, phrase: string): Fact | undefined {
  const others = job.material.sources.filter((source) => source.kind !== 'step').flatMap(factsOf);
  const all = [...job.evidence.facts, ...others].filter(
    ({ sentence: { text } }) =>
      holds(text, phrase) && !job.wanted.forbids.some((each) => holds(text, each)) && !hasLeftover(text),
  );
  const topic = new Set(termsOf(job.topic));
  const fit = (fact: Fact): number =>
    (isStatement(fact.sentence) ? 1 : 0) + relevance(topic, fact.terms, job.evidence.weights);
  return all.sort((a, b) => fit(b) - fit(a))[0];
}

/** Names a source not named yet behind a sentence that says what it says. */
function attributeKnown(job: Job, revision: Revision, known: ReadonlySet<string>): Revision | undefined {
  const facts = job.evidence.facts.filter(
    ({ source, terms }) => !known.has(source.id) && terms.length >= SAME_TERMS,
  );
  for (const sentence of sentencesOf(revision.text)) {
    const terms = termsOf(sentence.text);
    if (citedTargets(sentence.raw).size > 0 || terms.length < SAME_TERMS) continue;
    const fact = facts.find((each) => overlap(each.terms, terms) >= SAME);
    if (!fact) continue;
    const wording = cited(sentence.raw, citation(fact.source, job.path));
    return changed(revision, withWording(revision.text, sentence, wording), 'cites another source');
  }
  return undefined;
}

function addPassage(
  job: Job,
  revision: Revision,
  options: { isNew(id: string): boolean; why: string },
): Revision | undefined {
  const passage = job.chooser.pick({
    about: job.topic,
    accept: (each) => options.isNew(each.source.id),
  });
  if (!passage) return undefined;
  return changed(
    revision,
    withAddition(revision.text, speak(passage, job.path), job.evidence.weights),
    options.why,
  );
}
