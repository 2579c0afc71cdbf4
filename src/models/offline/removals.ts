import { leans } from './evidence.ts';
import { splitDocument } from './front-matter.ts';
import { withoutCitedSentence, withoutSentence } from './patch.ts';
import { relevance, termsOf } from './ranking.ts';
import { citedTargets, hasLeftover } from './requirements.ts';
import { changed, repeat } from './revision.ts';
import { sentencesOf } from './sentences.ts';
import { countWords, holds, phrasePattern } from './tidy.ts';
import type { Job } from './job.ts';
import type { Revision } from './revision.ts';
import type { Sentence } from './sentences.ts';

export function dropForbidden(job: Job, revision: Revision): Revision {
  return job.wanted.forbids.reduce((current, phrase) => {
    const without = dropSentences(current.text, (sentence) => holds(sentence.raw, phrase));
    const pattern = new RegExp(`[ \\t]*${phrasePattern(phrase).source}`, 'giu');
    // What is left stands in the front matter, in headings or in fragments of a line.
    return changed(current, without.replace(pattern, ''), `takes out “${phrase}”`);
  }, revision);
}

export function dropDeadLinks(job: Job, revision: Revision): Revision {
  return job.wanted.deadLinks.reduce((current, target) => {
    const link = target.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const text = current.text
      .replace(new RegExp(`[ \\t]?\\[\\[${link}(?:\\|[^\\]\\n]*)?\\]\\]`, 'g'), '')
      .replace(new RegExp(`\\[([^\\]\\n]*)\\]\\(${link}\\)`, 'g'), '$1');
    return changed(current, text, `removes the link to ${target}, which leads nowhere`);
  }, revision);
}

export function dropLeftovers(_job: Job, revision: Revision): Revision {
  return changed(
    revision,
    dropSentences(revision.text, (sentence) => hasLeftover(sentence.raw)),
    'removes placeholders',
  );
}

/** Drops the sentence that matters least until the text is short enough. */
export function dropWords(job: Job, revision: Revision): Revision {
  return repeat(revision, (current) => {
    if (countWords(splitDocument(current.text).body) <= job.wanted.maxWords) return undefined;
    const sentence = leastNeeded(job, current.text);
    return (
      sentence && changed(current, withoutCitedSentence(current.text, sentence), 'drops what matters least')
    );
  });
}

/**
 * Never one that a requirement hangs on or that the next one points back to; rather one of several in
 * a paragraph, and never the sentence that opens the text.
 */
function leastNeeded(job: Job, text: string): Sentence | undefined {
  const sentences = sentencesOf(text);
  const topic = new Set(termsOf(job.topic));
  const isAlone = ({ block }: Sentence): boolean =>
    sentences.filter((other) => other.block === block).length === 1;
  const cites = citedTargets(splitDocument(text).body).size;
  const isDroppable = (sentence: Sentence, i: number): boolean => {
    const next = sentences[i + 1];
    if (i === 0 || (next?.block === sentence.block && leans(next.text, false))) return false;
    if (job.wanted.mentions.some((phrase) => holds(sentence.raw, phrase))) return false;
    if (citedTargets(sentence.raw).size === 0 || cites > job.wanted.minCites) return true;
    return citedTargets(splitDocument(withoutCitedSentence(text, sentence)).body).size >= job.wanted.minCites;
  };
  const worth = (sentence: Sentence): number =>
    (isAlone(sentence) ? 1 : 0) + relevance(topic, termsOf(sentence.text), job.evidence.weights);
  const ranked = sentences.filter(isDroppable).map((sentence) => ({ sentence, worth: worth(sentence) }));
  return ranked.sort((a, b) => a.worth - b.worth)[0]?.sentence;
}

function dropSentences(text: string, drop: (sentence: Sentence) => boolean): string {
  return [...sentencesOf(text)]
    .reverse()
    .reduce((kept, sentence) => (drop(sentence) ? withoutSentence(kept, sentence) : kept), text);
}
