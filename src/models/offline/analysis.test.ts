import { describe, expect, test } from 'vitest';
import { material, source } from '../request.fixture.ts';
import { findBrief } from './brief.ts';
import { findSupport } from './findings.ts';
import { judgeWork } from './judgement.ts';
import { planWork } from './plan.ts';
import { brief, notes } from './studio.fixture.ts';

const steps = [
  { id: 'plan', name: 'Plan', kind: 'agent', agent: 'planner' },
  { id: 'research', name: 'Research', kind: 'agent', agent: 'fetcher' },
  { id: 'check', name: 'Check', kind: 'check' },
  { id: 'approve', name: 'Approve', kind: 'gate' },
];
const given = material({
  objective: 'Plan the article.',
  workflow: { name: 'Content loop', steps },
  step: { id: 'plan', name: 'Plan' },
  expectations: ['Write 100 to 400 words.', 'Mention “Lindgren”.'],
  sources: [brief, ...notes],
});

test('a brief is read part by part, from headings, labels and front matter', () => {
  const { title, parts } = findBrief([brief]) ?? {};
  expect(title).toBe('Why I quote fixed prices');
  expect(parts?.goal).toEqual(['Win three conversations with café owners before Christmas.']);
  expect(parts?.mentions).toEqual(['Bakery Lindgren', 'two rounds of changes']);
  expect(parts?.deadline).toEqual(['1 December 2026']);
  expect(parts?.story?.[0]).toMatch(/^Most shop owners/);
});

describe('a plan', () => {
  const plan = planWork(given);

  test('has the brief’s goal, message, readers, next step and deadline as objectives', () => {
    const objectives = plan.objectives.join('\n');
    for (const part of [
      'Win three',
      'A fixed price',
      'Owners of cafés',
      'call before 12 December',
      '1 December 2026',
    ]) {
      expect(objectives).toContain(part);
    }
  });

  test('has a task for each later step of the workflow, done when its checks say so', () => {
    expect(plan.tasks.map(({ step }) => step)).toEqual(['research', 'check', 'approve']);
    expect(plan.tasks[1]?.doneWhen).toBe('Write 100 to 400 words; Mention “Lindgren”');
  });

  test('names risks from the brief and from notes, and asks what the notes can answer', () => {
    expect(plan.risks).toContain("Don't name competitors.");
    expect(plan.risks.some((risk) => risk.includes('[[voice]]') || risk.includes('[[scope-changes]]'))).toBe(
      true,
    );
    expect(plan.questions).toContain('What do the notes say on this: What happens when the scope grows?');
  });
});

test('a plan for a lead asks for work like it and for its price', () => {
  const text = 'name: Oda Vik\ncompany: Vik Flowers\nservice: identity\nneed: A new shop sign';
  const lead = source({
    id: 'leads:L3',
    kind: 'connector',
    title: 'Oda Vik',
    uri: 'leads/leads.csv#L3',
    text,
  });
  const plan = planWork({ ...given, sources: [lead, ...notes] });
  expect(plan.title).toBe('Plan: Vik Flowers');
  expect(plan.questions).toContain('What have we done that is like this: A new shop sign?');
  expect(plan.questions).toContain('What does this cost, and how long does it take: identity?');
});

describe('findings', () => {
  test('quote their source word for word, each passage once', () => {
    const { findings } = findSupport({ ...given, role: 'fetcher' });
    expect(findings.length).toBeGreaterThan(3);
    for (const { quote, source: id } of findings) {
      expect(notes.find((note) => note.id === id)?.text).toContain(quote);
    }
    expect(new Set(findings.map(({ quote }) => quote)).size).toBe(findings.length);
    expect(new Set(findings.map(({ source: id }) => id)).size).toBeGreaterThan(2);
  });

  test('answer the questions of the plan; what no source speaks to is a gap', () => {
    const text =
      '---\nrun: r\nstep: plan\n---\n# Plan\n\n## Questions\n\n- What happens when the scope grows?\n- Who owns the zeppelin?\n';
    const planned = source({ id: 'plans/a.md', kind: 'step', uri: 'plans/a.md', text });
    const { findings, gaps } = findSupport({
      ...given,
      role: 'fetcher',
      objective: '',
      sources: [planned, ...notes],
    });
    expect(findings[0]?.source).toBe('scope-changes');
    expect(gaps).toEqual(['Who owns the zeppelin?']);
  });

  test('without sources are none, and every question is a gap', () => {
    const { findings, gaps } = findSupport(material({ objective: 'Find out about prices.' }));
    expect(findings).toEqual([]);
    expect(gaps).toHaveLength(1);
  });
});

describe('a judgement', () => {
  const judged = (content: string) =>
    judgeWork({
      ...given,
      expectations: [
        'Write at least 5 words.',
        'Cite at least one source, as [[note-id]] or as a Markdown link.',
      ],
      files: [{ path: 'drafts/a.md', content }],
    });
  const good =
    'Two rounds of changes are included in every price; a third round costs 350 € [[pricing-decision-2025]].';

  test('passes a text that does what was asked for and rests on its sources', () => {
    expect(judged(good)).toMatchObject({ verdict: 'pass', score: 1, issues: [] });
  });

  test('fails for what is missing, for leftovers, and for claims that no source bears out', () => {
    expect(judged('Two words.')).toMatchObject({ verdict: 'fail' });
    expect(judged(`${good} TODO add numbers here.`).verdict).toBe('fail');
    const invented = 'Our zeppelin flies seven happy penguins across the frozen lake every single Tuesday.';
    const { issues, score } = judged(`${good}\n\n${invented}`);
    expect(issues.map(({ what }) => what)).toEqual([`No source bears this out: “${invented}”`]);
    expect(score).toBeLessThan(1);
  });

  test('of nothing is a failure', () => {
    expect(judgeWork({ ...given, files: [] })).toMatchObject({ verdict: 'fail', score: 0 });
  });
});
