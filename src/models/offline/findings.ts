import { findBrief } from './brief.ts';
import { Chooser } from './choosing.ts';
import { gatherEvidence, topicOf } from './evidence.ts';
import { questionsIn } from './questions.ts';
import { asSentence } from './tidy.ts';
import type { Findings } from '../../contracts/agent.ts';
import type { Material } from '../../contracts/model.ts';
import type { Passage } from './evidence.ts';

const MOST_FINDINGS = 24;
/** Every question gets its best passage before any gets a second one. */
const ROUNDS = 3;
const LEAST_FIT = 0.16;
/** A question that no passage covers so much of is a gap. */
const LEAST_ANSWER = 0.3;

/** The passages of the sources that speak to each question, verbatim; a question that none speaks to is a gap. */
export function findSupport(material: Material): Findings {
  const evidence = gatherEvidence(material, []);
  const title = findBrief(material.sources)?.title ?? '';
  const topic = topicOf(material, title);
  const chooser = new Chooser(evidence, topic);
  const questions = questionsIn(material);
  const gaps = questions.filter((about) => !chooser.speaksTo({ about, leastAnswer: LEAST_ANSWER }));
  const passages = Array.from({ length: ROUNDS }, () =>
    questions.map((about) => chooser.pick({ about, least: LEAST_FIT })),
  )
    .flat()
    .filter((passage) => passage !== undefined);
  const findings = passages.slice(0, MOST_FINDINGS).map(findingOf);
  const count = new Set(findings.map((finding) => finding.source)).size;
  return {
    summary: `${counted(findings.length, 'passage')} of ${counted(count, 'source')}${title ? ` on “${title}”` : ''}; ${gaps.length === 0 ? 'every question has an answer' : `${counted(gaps.length, 'question')} without an answer`}.`,
    findings,
    gaps: gaps.slice(0, 12),
  };
}

/** The quote is a slice of the source’s text, so that it can be found there. */
function findingOf(passage: Passage): Findings['findings'][number] {
  const [first, last] = [passage.facts[0], passage.facts.at(-1)];
  const quote = passage.source.text.slice(first?.sentence.start, last?.sentence.end);
  const claim = passage.facts.map((fact) => asSentence(fact.sentence.text)).join(' ');
  return { claim, quote, source: passage.source.id };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
