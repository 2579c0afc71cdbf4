import { findBrief, isWork } from './brief.ts';
import { readHead } from './front-matter.ts';
import { termsOf, weigh } from './ranking.ts';
import { hasLeftover } from './requirements.ts';
import { sentencesOf } from './sentences.ts';
import { countWords, holds, tidy } from './tidy.ts';
import type { Material, Source } from '../../contracts/model.ts';
import type { Weights } from './ranking.ts';
import type { Sentence } from './sentences.ts';

/** One sentence of one source. */
export interface Fact {
  readonly source: Source;
  readonly sentence: Sentence;
  readonly terms: readonly string[];
}

/** Sentences of one source that follow each other and can stand on their own in a text. */
export interface Passage {
  readonly source: Source;
  readonly facts: readonly Fact[];
  readonly terms: readonly string[];
  readonly words: number;
}

export interface Evidence {
  readonly facts: readonly Fact[];
  readonly passages: readonly Passage[];
  readonly weights: Weights;
}

/** What one attempt works on; more is left aside, so that work stays bounded. */
const SOURCES = 80;
const FACTS = 4_000;

const PASSAGE_SENTENCES = 3;
const PASSAGE_WORDS = 60;

const ASIDE = /^(related|see also|sources?|links?|references|history|changelog)\b/i;
/** A sentence that begins so leans on the one before it. */
const LEANS =
  /^(and|but|or|so|also|however|then|therefore|that|this|these|those|it|its|he|she|they|his|her|their|both|there|here|instead|besides|afterwards|since then|by then|until then|after that|the (same|latter|former|other))\b/i;
/** In the middle of a paragraph, these too point back. */
const LEANS_BACK = /^the\b|\b(those|these|them|him|both)\b/i;
/** A sentence that begins so tells the company’s owner what to do, not a reader what is. */
const TELLS_THE_OWNER =
  /^(ask|send|use|write|keep|never|always|do|don['’]t|check|avoid|mention|include|explain|describe|show|add|make sure|remember|note|see|update|file|open|close|start|end|offer|reply|answer|follow|attach|put|say|invoice|record|tell|lead|link|quote|name|give|cover|begin|finish|plan|take|set|leave|bring|charge|hold|thank|speak|let|choose|pick|prefer|stay)\b/i;

/** Everything in the material that a text can rest on, but for sentences with a phrase to avoid. */
export function gatherEvidence(material: Material, forbids: readonly string[]): Evidence {
  const brief = findBrief(material.sources)?.source;
  const supports = (source: Source): boolean =>
    source !== brief &&
    source.kind !== 'step' &&
    !isWork(source) &&
    !isSuperseded(source) &&
    !isPicked(source, material);
  const facts = material.sources
    .slice(0, SOURCES)
    .filter(supports)
    .flatMap(factsOf)
    .filter(({ sentence }) => !forbids.some((phrase) => holds(sentence.raw, phrase)))
    .slice(0, FACTS);
  return { facts, passages: passagesOf(facts), weights: weigh(facts.map((fact) => fact.terms)) };
}

export function factsOf(source: Source): Fact[] {
  return sentencesOf(source.text).map((sentence) => ({ source, sentence, terms: termsOf(sentence.text) }));
}

/** Whether a sentence can stand in a text for readers. */
export function isStatement(sentence: Pick<Sentence, 'text' | 'heading'>): boolean {
  const { text, heading } = sentence;
  const words = countWords(text);
  return (
    words >= 5 &&
    words <= 45 &&
    /[.!…]["”’')]*$/.test(text) &&
    !/^[\p{L}’' -]{2,30}:\s(?![“"‘])/u.test(text) &&
    !TELLS_THE_OWNER.test(text) &&
    !ASIDE.test(heading) &&
    !hasLeftover(text)
  );
}

/** Mails and rows are what the work is about, or come from strangers: they are quoted, not taken as facts. */
function isPicked(source: Source, material: Material): boolean {
  return source.kind === 'connector' && material.sources.some((other) => other.kind === 'note');
}

/** A note says of itself that another one has taken its place. */
function isSuperseded(source: Source): boolean {
  const head = readHead(source.text);
  return Boolean(head.get('replaced_by')) || Boolean(head.get('invalidated_at'));
}

/** From every sentence that can open a paragraph: alone, and with those that follow it. */
function passagesOf(facts: readonly Fact[]): Passage[] {
  return facts.flatMap((fact, i) => {
    const before = facts[i - 1];
    const opensBlock = before?.source !== fact.source || before.sentence.block !== fact.sentence.block;
    if (!isStatement(fact.sentence) || leans(fact.sentence.text, opensBlock)) return [];
    const run = runFrom(facts, i);
    return run.map((_, last) => passageOf(fact, run.slice(0, last + 1)));
  });
}

function runFrom(facts: readonly Fact[], start: number): Fact[] {
  const run: Fact[] = [];
  let words = 0;
  for (const fact of facts.slice(start, start + PASSAGE_SENTENCES)) {
    const first = run[0] ?? fact;
    const follows = fact.source === first.source && fact.sentence.block === first.sentence.block;
    words += countWords(fact.sentence.text);
    if (!follows || !isStatement(fact.sentence) || (run.length > 0 && words > PASSAGE_WORDS)) break;
    run.push(fact);
  }
  return run;
}

function passageOf({ source }: Fact, facts: readonly Fact[]): Passage {
  const words = facts.reduce((sum, fact) => sum + countWords(fact.sentence.text), 0);
  return { source, facts, terms: facts.flatMap((fact) => fact.terms), words };
}

/** Whether a sentence speaks of what the one before it named. */
export function leans(text: string, opensBlock: boolean): boolean {
  return LEANS.test(text) || (!opensBlock && LEANS_BACK.test(text));
}

/** Words to look for sources with: what the step is to do, and what the run was given. */
export function topicOf(material: Material, title: string): string {
  const inputs = Object.values(material.inputs).filter((value) => typeof value === 'string');
  return tidy([title, material.objective, ...inputs].join(' ')).slice(0, 2_000);
}
