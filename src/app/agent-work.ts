import { sourceRef } from './source-ref.ts';
import type { AgentAnswer } from '../agents/attempt.ts';
import { measureGrounding } from '../agents/grounding.ts';
import { renderPlan } from '../agents/plan-artifact.ts';
import { toJson } from '../base/json.ts';
import type { Json } from '../base/json.ts';
import type { Draft, Findings, Plan } from '../contracts/agent.ts';
import type { Material, Source } from '../contracts/model.ts';
import type { RunState, SourceRef } from '../contracts/run.ts';
import { concretePaths } from './visible-files.ts';

/** What an agent's answer amounts to: an output for the steps after it, and files to propose. */
export interface AgentWork {
  readonly output: Json;
  readonly intent: string;
  readonly unlocks: string;
  readonly edits: readonly { readonly path: string; readonly content: string }[];
  /** The sources that the files rest on. */
  readonly sources: readonly SourceRef[];
  readonly grounding: number | null;
}

export function workOf(state: RunState, material: Material, answer: AgentAnswer): AgentWork {
  switch (answer.role) {
    case 'planner':
      return planned(state, material, answer.output);
    case 'fetcher':
      return found(material, answer.output);
    case 'executor':
      return drafted(material, answer.output);
    case 'qa':
      return { ...nothing, output: toJson(answer.output) };
  }
}

const nothing = { intent: '', unlocks: '', edits: [], sources: [], grounding: null } as const;

/** A plan becomes an editable file where the step has a place for it. */
function planned(state: RunState, material: Material, plan: Plan): AgentWork {
  const [path] = concretePaths(material.writes);
  const content = renderPlan(plan, {
    run: state.id,
    workflow: material.workflow.name,
    step: material.step.id,
  });
  return {
    output: toJson({ ...plan, material: [planSource(material, { title: plan.title, text: content, path })] }),
    intent: plan.intent,
    unlocks: 'The steps that follow work to this plan.',
    edits: path ? [{ path, content }] : [],
    sources: material.sources.map(sourceRef),
    grounding: null,
  };
}

/** Findings hand on the sources that they quote, so that whoever writes can cite them. */
function found(material: Material, findings: Findings): AgentWork {
  const quoted = new Set(findings.findings.map(({ source }) => source));
  return {
    ...nothing,
    output: toJson({ ...findings, material: material.sources.filter(({ id }) => quoted.has(id)) }),
  };
}

function drafted(material: Material, draft: Draft): AgentWork {
  const named = new Set(draft.sources);
  return {
    output: toJson({ ...draft, files: draft.files.map(({ path }) => path) }),
    intent: draft.intent,
    unlocks: draft.unlocks,
    edits: draft.files,
    sources: material.sources.filter(({ id }) => named.has(id)).map(sourceRef),
    grounding: measureGrounding(draft.files, material.sources),
  };
}

interface PlanFile {
  readonly title: string;
  readonly text: string;
  readonly path: string | undefined;
}

function planSource(material: Material, { title, text, path }: PlanFile): Source {
  return {
    id: path ?? `plan:${material.step.id}`,
    kind: 'step',
    title,
    text,
    uri: path ?? '',
    untrusted: material.sources.some(({ untrusted }) => untrusted),
  };
}
