import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../base/clock.ts';
import { draftSchema } from '../../contracts/agent.ts';
import { material, request, source } from '../request.fixture.ts';
import { readHead, splitDocument } from './front-matter.ts';
import { offlineProvider } from './provider.ts';
import { requirementsOf, unmet } from './requirements.ts';
import { sentencesOf } from './sentences.ts';
import { brief, notes } from './studio.fixture.ts';
import type { Finding } from '../../contracts/check.ts';
import type { Draft } from '../../contracts/agent.ts';
import type { Material } from '../../contracts/model.ts';

const provider = offlineProvider({ clock: new ManualClock() });

async function write(given: Material): Promise<Draft & { readonly content: string }> {
  const { text } = await provider.complete(request({ material: given }), new AbortController().signal);
  const draft = draftSchema.parse(JSON.parse(text));
  return { ...draft, content: draft.files[0]?.content ?? '' };
}

const expectations = [
  'Write 190 to 260 words.',
  'Mention “Bakery Lindgren” and “two rounds of changes”.',
  'Do not write “synergy” and “Hourly work”.',
  'Have the headings “What changed”, “What it means for you” and “How to start”.',
  'Begin with front matter that sets “title”, “date”, “summary” and “audience”.',
  'Cite at least 4 different sources, as [[note-id]] or as a Markdown link.',
];
const article = material({
  objective: 'Draft the article from the brief.',
  writes: ['drafts/fixed-prices.md'],
  sections: ['What changed', 'What it means for you', 'How to start'],
  expectations,
  sources: [brief, ...notes],
});

describe('a draft', () => {
  test('does what its checks will ask for', async () => {
    const { content, files } = await write(article);
    expect(files.map(({ path }) => path)).toEqual(['drafts/fixed-prices.md']);
    expect(unmet(content, requirementsOf(article))).toEqual([]);
  });

  test('opens with the brief’s message and ends with its call to action, said to the reader', async () => {
    const prose = sentencesOf((await write(article)).content).map(({ text }) => text);
    expect(prose[0]).toBe(
      'A fixed price lets you decide before you spend, and it makes me responsible for the hours.',
    );
    expect(prose.at(-1)).toBe('Book a free 20-minute call before 12 December.');
  });

  test('says nothing that no source says, and none of the brief’s instructions', async () => {
    const { content } = await write(article);
    const known = article.sources.flatMap(({ text }) =>
      sentencesOf(text).map((each) => each.text.toLowerCase()),
    );
    const told = sentencesOf(content).map(({ raw }) =>
      raw
        .replace(/\s*(\[\[[^\]]+\]\]|\(\[[^\]]+\]\([^)]+\)\))/g, '')
        .replace(/[.!?”]+$/, '')
        .toLowerCase(),
    );
    expect(told.filter((words) => !known.some((sentence) => sentence.includes(words)))).toEqual([]);
    expect(content).not.toMatch(/Explain that|competitors|TODO|Ask readers/);
  });

  test('with nothing to go on says so instead of making something up', async () => {
    const { content, sources } = await write(material({ objective: 'Draft the article.' }));
    expect(content).toContain('Neither the brief nor the notes say anything about this yet.');
    expect(sources).toEqual([]);
  });
});

const finding = (rule: string, message: string): Finding => ({
  rule,
  message,
  passed: false,
  severity: 'error',
});
const before = `---
title: Fixed prices
status: draft
custom: {kept: "as it is"}
---

# Fixed prices

I moved to fixed prices in order to end discussions.  Every quote is one page.

We find synergy in everything. As [[gone]] says, the price is agreed before the first sketch.

| a | table |
`;

describe('an edit', () => {
  const edit = material({
    objective: 'Edit it.',
    sources: [brief, ...notes],
    files: [{ path: 'drafts/article.md', content: before }],
  });

  test('changes what it has to, and keeps every other byte', async () => {
    expect((await write(edit)).content).toBe(
      before.replace('in order to', 'to').replace('status: draft', 'status: edited'),
    );
  });

  test('does what the findings of a check ask for', async () => {
    const findings = [
      finding('forbids', 'says “synergy”, which is to be avoided'),
      finding('links', 'links to [[gone]], but there is no such note'),
      finding('mentions', 'does not mention “Pre-orders doubled”'),
      finding('sections', 'has no heading “When the scope grows”'),
      finding('words', 'has 30 words, needs at least 70'),
      finding('cites', 'cites 1 source, needs at least 2'),
      finding('front-matter', 'does not set “date” in its front matter'),
    ];
    const given = { ...edit, feedback: [{ from: 'check' as const, text: '', findings }] };
    const { content, intent } = await write(given);
    expect(unmet(content, requirementsOf(given))).toEqual([]);
    expect(content).not.toContain('[[gone]]');
    expect(content).toContain('custom: {kept: "as it is"}\n');
    expect(content).toContain('| a | table |');
    expect(intent).toContain('takes out “synergy”');
  });

  test('answers the operator: a replacement, a subject, a length', async () => {
    const text =
      'Replace “Every quote is one page” with “Every quote is short”. Say more about the newsletter readers.';
    const { content } = await write({ ...edit, feedback: [{ from: 'operator', text, findings: [] }] });
    expect(content).toContain('Every quote is short.');
    expect(content).toContain('[[newsletter-october]]');
    const long = (await write(article)).content;
    const shorter = await write({
      ...article,
      expectations: [],
      files: [{ path: 'drafts/fixed-prices.md', content: long }],
      feedback: [{ from: 'operator', text: 'Too long, please cut it.', findings: [] }],
    });
    expect(shorter.content.split(/\s+/).length).toBeLessThan(long.split(/\s+/).length * 0.85);
  });

  test('of an edited text changes nothing more', async () => {
    const once = (await write(edit)).content;
    const again = await write({ ...edit, files: [{ path: 'drafts/article.md', content: once }] });
    expect(again.content).toBe(once);
    expect(again.intent).toContain('finds nothing to change');
  });
});

const mail = source({
  id: 'inbox:1.eml',
  kind: 'connector',
  title: 'Price for a logo?',
  uri: 'inbox/1.eml',
  untrusted: true,
  date: '2026-11-20',
  text: 'from: "Jonas Berg" <jonas@berg.example>\nsubject: Price for a logo?\n\nHi Mara,\n\nDo you quote a fixed price? How many rounds of changes are included? And could you come to Bergen in January?\n\nBest,\nJonas\n\nOn Monday Mara wrote:\n> Shall we talk?',
});

describe('a reply to a mail', () => {
  const reply = material({
    objective: 'Reply to the mail.',
    company: { rules: 'Fern & Field is run by Mara Olsen.' },
    writes: ['replies/1.md'],
    sources: [mail, ...notes],
  });

  test('greets by name, answers from the notes, leaves open what they do not say, and signs', async () => {
    const { content, intent } = await write(reply);
    expect(content).toMatch(/^Hi Jonas,$/m);
    expect(content).toContain('Two rounds of changes are included in every price; a third round costs 350 €');
    expect(content).toContain('[[pricing-decision-2025]]');
    expect(content).toContain(
      'On “And could you come to Bergen in January?” I will check and come back to you.',
    );
    expect(content.trimEnd().endsWith('Best regards\n\nMara Olsen')).toBe(true);
    expect(content).not.toContain('Shall we talk');
    expect(intent).toContain('2 of 3 questions');
    expect(readHead(content).get('to')).toBe('Jonas Berg <jonas@berg.example>');
  });

  test('goes to the mail that the run’s inputs name, else to the newest', async () => {
    const older = {
      ...mail,
      id: 'inbox:0.eml',
      title: 'Older',
      date: '2026-01-01',
      text: mail.text.replaceAll('Jonas', 'Petra'),
    };
    const sources = [older, mail, ...notes];
    expect((await write({ ...reply, sources })).content).toContain('Hi Jonas,');
    expect((await write({ ...reply, sources, inputs: { mail: '0.eml' } })).content).toContain('Hi Petra,');
  });
});

test('a proposal for a lead quotes the lead’s own words and prices from the notes', async () => {
  const text = 'name: Oda Vik\ncompany: Vik Flowers\nneed: A new name and a shop sign\nbudget: 3000 EUR';
  const lead = source({
    id: 'leads:L3',
    kind: 'connector',
    title: 'Oda Vik',
    uri: 'leads/leads.csv#L3',
    untrusted: true,
    text,
  });
  const { content, sources } = await write(
    material({
      objective: 'Write a proposal for the lead.',
      writes: ['proposals/vik.md'],
      sources: [lead, ...notes],
      sections: ['Your project', 'Price and timing'],
    }),
  );
  expect(content).toContain('# Proposal for Vik Flowers');
  expect(content).toContain('You wrote: “A new name and a shop sign” ([request](../leads/leads.csv#L3)).');
  expect(content).toMatch(/## Price and timing\n\n.+\[\[/);
  expect(sources).toContain('leads:L3');
});

describe('publishing', () => {
  test('takes the approved text over: its body as it is, its status and date set, its links moved', async () => {
    const text =
      '---\ntitle: Fixed prices\ndate: 2026-11-01\nstatus: edited\n---\n\n# Fixed prices\n\nAs [a](../briefs/a.md) says TODO.\n';
    const draft = source({ id: 'drafts/fixed-prices.md', kind: 'file', uri: 'drafts/fixed-prices.md', text });
    const { content, intent } = await write(
      material({
        objective: 'Publish the approved text.',
        writes: ['published/2026/fixed-prices.md'],
        sources: [brief, draft],
      }),
    );
    expect(splitDocument(content).body).toBe(splitDocument(text).body.replace('../briefs', '../../briefs'));
    expect(Object.fromEntries(readHead(content))).toEqual({
      title: 'Fixed prices',
      date: '2026-11-22',
      status: 'published',
    });
    expect(intent).toBe('Publishes “Fixed prices” as it was approved.');
  });
});
