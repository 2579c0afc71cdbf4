import type { RunEventOf } from '../contracts/journal.ts';
import type { Definition } from '../contracts/run.ts';
import type { EffectStep, ExpandingStep, Part, Step } from '../contracts/workflow.ts';

type Expanded = RunEventOf<'step.expanded'>['data'];

/** The steps that carry out an expanded step: what its parts are made of, once for each of them. */
export function partSteps(step: ExpandingStep, definition: Definition, expanded: Expanded): readonly Step[] {
  const written = writtenSteps(step, definition, expanded);
  return expanded.parts.flatMap((part) => written.map((inner) => placed(inner, step, part)));
}

function writtenSteps(step: ExpandingStep, { workflows }: Definition, { steps }: Expanded): readonly Step[] {
  switch (step.kind) {
    case 'map':
      return step.steps;
    case 'workflow':
      return workflows?.[step.workflow]?.steps ?? [];
    case 'effect':
      return effectSteps(step);
    case 'plan':
      // The journal's checksum vouches for them: they were valid when this program wrote them.
      return (steps ?? []) as unknown as readonly Step[];
  }
}

/** What is sent is a proposal like any other: composed, decided, and only then delivered. */
function effectSteps({ outgoing, line, timeoutMs, maxAttempts }: EffectStep): readonly Step[] {
  const { connector, operation } = outgoing;
  const common = { line, timeoutMs, maxAttempts };
  return [
    { ...common, kind: 'compose', id: 'compose', name: 'Compose', needs: [], outgoing },
    {
      ...common,
      kind: 'gate',
      id: 'approve',
      name: 'Approve',
      needs: ['compose'],
      question: `Do “${operation}” through ${connector}?`,
    },
    {
      ...common,
      kind: 'deliver',
      id: 'deliver',
      name: 'Deliver',
      needs: ['approve'],
      connector,
      operation,
      composedBy: 'compose',
    },
  ];
}

/** A step of a part: its names lead within the part, and what begins the part needs what the expanded step needed. */
function placed(inner: Step, parent: ExpandingStep, part: Part): Step {
  const idOf = (local: string) => `${part.id}.${local}`;
  const at = {
    id: idOf(inner.id),
    name: part.label === undefined ? `${parent.name} › ${inner.name}` : `${inner.name} · ${part.label}`,
    needs: inner.needs.length > 0 ? inner.needs.map(idOf) : parent.needs,
    within: { step: parent.id, part, local: inner.id },
  };
  if (inner.kind === 'deliver') return { ...inner, ...at, composedBy: idOf(inner.composedBy) };
  if (inner.kind !== 'check' || !inner.onFail) return { ...inner, ...at };
  return { ...inner, ...at, onFail: { ...inner.onFail, revise: idOf(inner.onFail.revise) } };
}
