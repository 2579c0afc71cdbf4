import type { JsonObject } from '../base/json.ts';
import type { Material, ModelRequest, Source } from '../contracts/model.ts';

/** A material with nothing in it but what a test is about. */
export function material(parts: Partial<Material> = {}): Material {
  return {
    role: 'executor',
    company: { rules: '' },
    workflow: { name: 'Content loop', steps: [] },
    step: { id: 'draft', name: 'Draft' },
    objective: 'Write the article.',
    inputs: {},
    today: '2026-11-22',
    writes: ['drafts/article.md'],
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

const judgement: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    verdict: { type: 'string', enum: ['pass', 'fail'] },
    summary: { type: 'string', minLength: 1 },
  },
  required: ['verdict'],
};

export function request(parts: Partial<ModelRequest> = {}): ModelRequest {
  return {
    tier: 'standard',
    system: 'You judge.',
    prompt: 'Judge the article.',
    material: material(),
    schema: { name: 'judgement', json: judgement },
    maxReplyTokens: 1024,
    ...parts,
  };
}
