import { conform } from './conform.ts';
import { isStatement } from './evidence.ts';
import { readHead, splitDocument, withKey } from './front-matter.ts';
import { draftOf, speak } from './job.ts';
import { withAddition } from './patch.ts';
import { sentencesOf } from './sentences.ts';
import { tighten } from './tighten.ts';
import { countWords } from './tidy.ts';
import type { Draft } from '../../contracts/agent.ts';
import type { Revision } from './revision.ts';
import type { Job } from './job.ts';

const SHORTER_BY = 0.75;
const LONGER_BY = 1.25;
const LEAST_FIT = 0.3;
const CHANGES_TOLD = 4;

/** The text as it is, changed only where a check, the operator or the house’s voice asks for it. */
export function editDocument(job: Job, before: string): Draft {
  for (const sentence of sentencesOf(before)) job.chooser.remember(sentence.text);
  const tightened = tighten(before);
  const fitted = conform(withWishedLength(job, before), tightened);
  const answered = answerOperator(job, fitted.text);
  const { text, changes } = conform(job, answered.text);
  const tightening = tightened === before ? [] : ['tightens the wording'];
  const all = new Set([...answered.changes, ...fitted.changes, ...changes, ...tightening]);
  const told = [...all].slice(0, CHANGES_TOLD).join(', ');
  const edited = readHead(text).get('status') === undefined ? text : withKey(text, 'status', 'edited');
  return draftOf(job, edited, {
    intent: `Edits “${readHead(before).get('title') ?? job.title}”: ${told || 'finds nothing to change'}.`,
    unlocks: 'The text can be checked again and released.',
  });
}

/** “Shorter” and “longer” are wishes for a number of words. */
function withWishedLength(job: Job, before: string): Job {
  const wishes = operatorWords(job);
  const words = countWords(splitDocument(before).body);
  const { wanted } = job;
  if (/\b(shorter|shorten|cut|too long|trim|tighter)\b/i.test(wishes)) {
    const wished = Math.max(wanted.minWords, Math.round(words * SHORTER_BY));
    return { ...job, wanted: { ...wanted, maxWords: Math.min(wanted.maxWords, wished) } };
  }
  if (/\b(longer|more detail|too short|expand|elaborate)\b/i.test(wishes)) {
    const wished = Math.min(wanted.maxWords, Math.round(words * LONGER_BY));
    return { ...job, wanted: { ...wanted, minWords: Math.max(wanted.minWords, wished) } };
  }
  return job;
}

/** What the operator asks for in plain words: a replacement, or a subject to say something on. */
function answerOperator(job: Job, before: string): Revision {
  const start: Revision = { text: before, changes: [] };
  return job.material.feedback
    .filter((feedback) => feedback.from === 'operator')
    .flatMap((feedback) => feedback.text.split(/(?<=[.;!?])\s+|\n/))
    .reduce((revision, wish) => replaceWording(revision, wish) ?? addOnSubject(job, revision, wish), start);
}

function replaceWording(revision: Revision, wish: string): Revision | undefined {
  const found = /["“]([^"”\n]+)["”]\s+(?:with|by|to)\s+["“]([^"”\n]+)["”]/i.exec(wish);
  const [from, to] = [found?.[1], found?.[2]];
  if (from === undefined || to === undefined || !revision.text.includes(from)) return undefined;
  return {
    text: revision.text.replaceAll(from, to),
    changes: [...revision.changes, `says “${to}” for “${from}”`],
  };
}

function addOnSubject(job: Job, revision: Revision, wish: string): Revision {
  const asks = /\b(add|mention|include|say|explain|more (?:on|about)|talk about|missing|refer)\b/i.test(wish);
  if (!asks || /["“]/.test(wish)) return revision;
  const passage = job.chooser.pick({
    about: wish,
    least: LEAST_FIT,
    accept: (each) => each.facts.every((fact) => isStatement(fact.sentence)),
  });
  if (!passage) return revision;
  const text = withAddition(revision.text, speak(passage, job.path), job.evidence.weights);
  return { text, changes: [...revision.changes, `adds what “${passage.source.title}” says on it`] };
}

function operatorWords(job: Job): string {
  return job.material.feedback
    .filter((feedback) => feedback.from === 'operator')
    .map((feedback) => feedback.text)
    .join('\n');
}
