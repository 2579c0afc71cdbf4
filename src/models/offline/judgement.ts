import { splitDocument } from './front-matter.ts';
import { overlap, termsOf } from './ranking.ts';
import { citedTargets, hasLeftover, requirementsOf, unmet } from './requirements.ts';
import { sentencesOf } from './sentences.ts';
import { factsOf } from './evidence.ts';
import type { Judgement } from '../../contracts/agent.ts';
import type { Material } from '../../contracts/model.ts';

const SUPPORTED = 0.6;
const PASS_SCORE = 0.6;
const MOST_ISSUES = 20;
const TERMS_OF_A_CLAIM = 5;

type Issue = Judgement['issues'][number];

/** A judgement by rule: what was asked for, leftovers, and how much of the text the sources bear out. */
export function judgeWork(material: Material): Judgement {
  const wanted = requirementsOf({ ...material, feedback: [] });
  const asked = material.files.flatMap(({ path, content }) =>
    unmet(content, wanted).map((what) => ({ where: path, what })),
  );
  const leftovers = material.files.flatMap(leftoversOf);
  const support = supportOf(material);
  const issues: Issue[] = [...asked, ...leftovers, ...support.issues];
  if (material.files.length === 0) issues.push({ where: '', what: 'There is no text to judge.' });
  const count = Math.max(1, material.expectations.length);
  const met = Math.max(0, 1 - asked.length / count);
  const score =
    material.files.length === 0 ? 0 : 0.5 * met + 0.4 * support.share + (leftovers.length === 0 ? 0.1 : 0);
  const passes = asked.length + leftovers.length === 0 && score >= PASS_SCORE;
  return {
    verdict: passes ? 'pass' : 'fail',
    score: Math.round(Math.min(1, score) * 100) / 100,
    summary: summaryOf(passes, { issues: asked.length + leftovers.length, share: support.share }),
    issues: issues.slice(0, MOST_ISSUES),
  };
}

function summaryOf(passes: boolean, { issues, share }: { issues: number; share: number }): string {
  const borne = `${Math.round(share * 100)}% of its sentences are borne out by the sources`;
  if (passes) return `The text does what was asked for; ${borne}.`;
  return issues > 0
    ? `${issues} of the things asked for are missing; ${borne}.`
    : `Too little of it rests on sources: ${borne}.`;
}

function leftoversOf({ path, content }: Material['files'][number]): Issue[] {
  return sentencesOf(content)
    .filter((sentence) => hasLeftover(sentence.raw))
    .map((sentence) => ({
      where: path,
      what: `Left over from a template: “${sentence.text.slice(0, 120)}”`,
    }));
}

/** The share of the sentences long enough to claim something that cite a source or repeat one. */
function supportOf(material: Material): { share: number; issues: readonly Issue[] } {
  const known = material.sources.flatMap(factsOf).map((fact) => fact.terms);
  const claims = material.files.flatMap(({ path, content }) =>
    sentencesOf(content)
      .map((sentence) => ({ path, sentence, terms: termsOf(sentence.text) }))
      .filter(({ terms }) => terms.length >= TERMS_OF_A_CLAIM),
  );
  const borne = claims.filter(
    ({ sentence, terms }) =>
      citedTargets(sentence.raw).size > 0 ||
      known.some((other) => other.length >= TERMS_OF_A_CLAIM && overlap(terms, other) >= SUPPORTED),
  );
  const loose = claims.filter((claim) => !borne.includes(claim));
  const uncited = material.files.filter(
    ({ content }) => citedTargets(splitDocument(content).body).size === 0,
  );
  return {
    share: claims.length === 0 ? 0 : borne.length / claims.length,
    issues: [
      ...uncited.map(({ path }) => ({ where: path, what: 'It cites no source.' })),
      ...loose.map(({ path, sentence }) => ({
        where: path,
        what: `No source bears this out: “${sentence.text.slice(0, 160)}”`,
      })),
    ],
  };
}
