import { findBrief, isBrief, titleOf } from './brief.ts';
import { Chooser } from './choosing.ts';
import { citation, cited } from './citation.ts';
import { gatherEvidence, topicOf } from './evidence.ts';
import { requirementsOf } from './requirements.ts';
import { asSentence } from './tidy.ts';
import type { Draft } from '../../contracts/agent.ts';
import type { Material, Source } from '../../contracts/model.ts';
import type { Brief } from './brief.ts';
import type { Evidence, Passage } from './evidence.ts';
import type { Requirements } from './requirements.ts';

/** One document to be written, with all that there is to write it from. */
export interface Job {
  readonly material: Material;
  /** Of the document, in the company. */
  readonly path: string;
  readonly title: string;
  /** Words that say what it is about. */
  readonly topic: string;
  readonly brief: Brief | undefined;
  readonly evidence: Evidence;
  readonly chooser: Chooser;
  readonly wanted: Requirements;
}

export function openJob(material: Material): Job {
  const path = targetPath(material);
  const brief = findBrief(material.sources);
  const wanted = requirementsOf(material);
  const evidence = gatherEvidence(material, wanted.forbids);
  const title = brief?.title ?? titleFromPath(path);
  const topic = topicOf(material, title);
  const chooser = new Chooser(evidence, topic);
  return { material, path, title, topic, brief, evidence, chooser, wanted };
}

/** The first path that may be written; a glob gets a name made of its fixed part. */
function targetPath(material: Material): string {
  const pattern = material.writes[0] || `drafts/${material.step.id}.md`;
  if (!/[*?[{]/.test(pattern)) return pattern;
  const folder = pattern.slice(0, pattern.search(/[*?[{]/)).replace(/[^/]*$/, '');
  const file = findBrief(material.sources)?.source.uri.split('/').at(-1) ?? `${material.step.id}.md`;
  return `${folder}${file}`;
}

export function titleFromPath(path: string): string {
  const name = (path.split('/').at(-1) ?? path)
    .replace(/\.\w+$/, '')
    .replace(/[-_]+/g, ' ')
    .trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A passage as prose, with its source named in its last sentence. */
export function speak(passage: Passage, path: string): string {
  const sentences = passage.facts.map((fact) => asSentence(fact.sentence.text));
  return attribute(sentences, passage.source, path);
}

/** Sentences of one source as prose, which the last one names. */
export function attribute(sentences: readonly string[], source: Source, path: string): string {
  const named =
    source.kind === 'file' ? { ...source, title: isBrief(source) ? 'brief' : titleOf(source) } : source;
  return sentences
    .map((sentence, i) => (i === sentences.length - 1 ? cited(sentence, citation(named, path)) : sentence))
    .join(' ');
}

/** A draft of one file, with the sources that its text cites. */
export function draftOf(
  job: Job,
  content: string,
  words: { readonly intent: string; readonly unlocks: string },
): Draft {
  return {
    ...words,
    files: [{ path: job.path, content }],
    sources: [...citedSources(job, content)].slice(0, 60),
  };
}

/** Ids of the sources of the material that a text cites. */
export function citedSources(job: Job, text: string): ReadonlySet<string> {
  const cites = (source: Source): boolean => {
    const mark = citation(source, job.path);
    // A link is known by its target; its words may have been edited.
    return text.includes(mark.startsWith('[[') ? mark : mark.slice(mark.lastIndexOf('](')));
  };
  return new Set(job.material.sources.filter(cites).map((source) => source.id));
}
