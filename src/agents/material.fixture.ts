import type { Agent } from '../contracts/agent.ts';
import type { Material, Source } from '../contracts/model.ts';

export function agent(parts: Partial<Agent> = {}): Agent {
  return {
    id: 'executor',
    name: 'Writer',
    role: 'executor',
    model: 'standard',
    budget: {},
    instructions: 'Write plainly.',
    ...parts,
  };
}

/** A material with nothing in it but what a test is about. */
export function material(parts: Partial<Material> = {}): Material {
  return {
    role: 'executor',
    company: { rules: '' },
    workflow: {
      name: 'Content loop',
      steps: [{ id: 'draft', name: 'Draft', kind: 'agent', agent: 'executor' }],
    },
    step: { id: 'draft', name: 'Draft' },
    objective: 'Write the article.',
    inputs: {},
    today: '2026-01-05',
    writes: ['drafts/*.md'],
    sections: [],
    expectations: [],
    sources: [],
    files: [],
    feedback: [],
    ...parts,
  };
}

export function source(parts: Partial<Source> & Pick<Source, 'id' | 'text'>): Source {
  return { kind: 'note', title: parts.id, uri: `memory/${parts.id}.md`, untrusted: false, ...parts };
}
