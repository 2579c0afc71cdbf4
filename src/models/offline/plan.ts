import { findBrief } from './brief.ts';
import { nameOf, pickItem } from './item.ts';
import { titleFromPath } from './job.ts';
import { questionsFor } from './questions.ts';
import { sentencesOf } from './sentences.ts';
import { stepsToAdd, tasksOf } from './tasks.ts';
import { asSentence, tidy } from './tidy.ts';
import type { Plan } from '../../contracts/agent.ts';
import type { Material } from '../../contracts/model.ts';
import type { Brief } from './brief.ts';

const WARNS =
  /^(avoid|do not|don['’]t|never)\b|\b(risk|risky|careful|deadline|delay(ed)?|complain(ed|t|ts)?|mistakes?|expired?|outdated)\b/i;
const MOST = 8;
const SENTENCE_LENGTH = 240;

/** A plan from the brief, the workflow’s own steps and what the sources warn of. */
export function planWork(material: Material): Plan {
  const brief = findBrief(material.sources);
  const item = pickItem(material);
  const title =
    brief?.title ?? (tidy(item ? nameOf(item) : '') || titleFromPath(material.writes[0] || material.step.id));
  const tasks = tasksOf(material, title);
  return {
    title: `Plan: ${title}`,
    objectives: some([
      ...objectivesOf(brief),
      ...(item ? [`Give “${title}” a complete answer.`] : []),
      goalOf(material),
    ]),
    tasks:
      tasks.length > 0
        ? tasks
        : [{ step: material.step.id, what: goalOf(material), doneWhen: 'the operator agrees' }],
    risks: some(risksOf(material, brief)),
    questions: [...questionsFor(material, title)],
    adds: [...stepsToAdd(material, title)],
    intent: `Plans how “${title}” gets from ${brief ? 'the brief' : 'the request'} to a text that passes its checks.`,
  };
}

function objectivesOf(brief: Brief | undefined): string[] {
  const say = (lead: string, texts: readonly string[] | undefined, most = 1): string[] =>
    (texts ?? []).slice(0, most).map((text) => asSentence(`${lead}${text}`));
  return [
    ...say('', brief?.parts.goal, 2),
    ...say('Make one thing clear: ', brief?.parts.message),
    ...say('Speak to these readers: ', brief?.parts.audience),
    ...say('Lead to one next step: ', brief?.parts.action),
    ...say('Be ready in time: ', brief?.parts.deadline),
  ];
}

/** The step’s objective, without the prompt file that may follow it. */
function goalOf(material: Material): string {
  return asSentence(
    tidy(material.objective.split(/\n\s*\n/)[0] ?? '').slice(0, 300) || material.workflow.name,
  );
}

/** What the brief rules out, its deadline, and the first warning of each note. */
function risksOf(material: Material, brief: Brief | undefined): string[] {
  const ruledOut = (brief?.parts.avoid ?? []).map((text) =>
    asSentence(/^(avoid|no|not|never|don|do not)\b/i.test(text) ? text : `To avoid: ${text}`),
  );
  const due = (brief?.parts.deadline ?? []).slice(0, 1).map((text) => asSentence(`The deadline: ${text}`));
  const notes = material.sources.filter((source) => source.kind === 'note');
  const warnings = notes.flatMap((note) =>
    sentencesOf(note.text)
      .filter(({ text }) => WARNS.test(text) && text.length < SENTENCE_LENGTH && !/["“]/.test(text))
      .slice(0, 1)
      .map(({ text }) => `${asSentence(text)} [[${note.id}]]`),
  );
  return [...ruledOut, ...due, ...warnings];
}

function some(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text.trim() !== ''))].slice(0, MOST);
}
