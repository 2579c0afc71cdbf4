import { findBrief } from './brief.ts';
import { toldOutright } from './compose.ts';
import { topicOf } from './evidence.ts';
import { WISH, fieldOf, pickItem } from './item.ts';
import { questionsOf } from './letter.ts';
import { sentencesOf } from './sentences.ts';
import { tidy } from './tidy.ts';
import type { Material } from '../../contracts/model.ts';
import type { Brief } from './brief.ts';
import type { Item } from './item.ts';

const MOST = 12;
const POINTS = 6;
const LENGTH = 160;

/** What to ask the notes: what the mail or the lead asks, and what the brief has to be borne out with. */
export function questionsFor(material: Material, title: string): readonly string[] {
  const brief = findBrief(material.sources);
  const item = pickItem(material);
  const asked = item ? [...questionsOf(item.body), ...leadQuestions(item)] : [];
  return [
    ...new Set([...asked, `What do we know about ${about(title)}?`, ...(brief ? briefQuestions(brief) : [])]),
  ].slice(0, MOST);
}

function leadQuestions(item: Item): readonly string[] {
  const [need, service] = [fieldOf(item, WISH), fieldOf(item, /^(service|product|package)$/)];
  return [
    ...(need ? [`What have we done that is like this: ${about(need)}?`] : []),
    ...(service ? [`What does this cost, and how long does it take: ${about(service)}?`] : []),
  ];
}

function briefQuestions({ parts }: Brief): readonly string[] {
  const some = (texts: readonly string[] | undefined, most: number): string[] =>
    (texts ?? []).slice(0, most).map(about);
  return [
    ...some(parts.goal, 1).map((goal) => `What has worked before for this: ${goal}?`),
    ...some(parts.audience, 1).map((audience) => `What have we heard from ${lowerFirst(audience)}?`),
    ...some(parts.message, 1).map((message) => `What bears this out: ${message}?`),
    ...some(parts.points, POINTS).map((point) => `What do the notes say on this: ${point}?`),
  ];
}

/** The questions that a plan before this step asks; without a plan, those of the brief. */
export function questionsIn(material: Material): readonly string[] {
  const plans = material.sources.filter(({ kind, uri }) => kind === 'step' || /(^|\/)plans?\//.test(uri));
  const planned = plans.flatMap((plan) =>
    sentencesOf(plan.text).filter(({ heading }) => /^questions$/i.test(heading)),
  );
  if (planned.length > 0) return planned.map(({ text }) => text).slice(0, MOST);
  return questionsFor(material, findBrief(material.sources)?.title ?? topicOf(material, ''));
}

function about(text: string): string {
  return tidy(toldOutright(text))
    .slice(0, LENGTH)
    .replace(/[.!?]+$/, '');
}

function lowerFirst(text: string): string {
  return text.replace(/^\p{Lu}(?=\p{Ll})/u, (first) => first.toLowerCase());
}
