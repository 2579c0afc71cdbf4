import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

interface Shown {
  readonly run: string;
  readonly proposals: readonly { readonly id: string; readonly step: string }[];
  readonly status: { readonly is: string };
}

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
});
afterEach(() => company.remove());

const write = (path: string, text: string) => writeFile(join(company.folder, path), text);
const workflow = (id: string, text: string) => write(`.cairn/workflows/${id}.yaml`, text);
const commits = async () => (await company.git('log', '--format=%s')).split('\n').length;

const eachBrief = `name: Each brief
steps:
  notes:
    map: {files: briefs/*.md}
    steps:
      draft:
        agent: executor
        with: {objective: "Write a note on {{ item }}", read: "{{ item }}"}
        writes: drafts/{{ item | slug }}.md
      check:
        needs: draft
        check: [{words: {min: 5}}]
  list:
    agent: executor
    needs: notes
    with:
      objective: "List the {{ steps.notes.items | size }} notes:{% for note in steps.notes.items %} {{ note.item }}{% endfor %}"
      read: drafts/*.md
    writes: drafts/list.md
`;

test('a map carries out its steps for each file, and what comes behind it knows all of them', async () => {
  await workflow('each', eachBrief);
  const before = await commits();
  const { code, out, err } = await cairn(company.folder, ['run', 'each', '--yes']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('… Notes: 4 parts');
  expect(out).toContain('✓ Draft · one-price.md');
  expect((await commits()) - before).toBe(5);
  const trailer = await company.git('log', '--format=%(trailers:key=Cairn-Step,valueonly)');
  expect(trailer).toContain('notes.1.draft');
  expect(trailer).toContain('list');
});

test('an item that fails leaves the others as they are, and is tried again alone', async () => {
  const items = '[briefs/one-price.md, briefs/missing.md]';
  await workflow('each', eachBrief.replace('{files: briefs/*.md}', items));
  const failed = await cairn(company.folder, ['run', 'each', '--yes']);
  expect(failed.code).toBe(1);
  expect(failed.out).toContain('briefs/missing.md fits no file');
  expect(failed.out).toMatch(/cairn skip \S+ notes\.2\.draft --why/);
  const [run] = (await cairnJson<{ runs: { id: string }[] }>(company.folder, ['runs'])).runs;
  await write('briefs/missing.md', '# A brief\n\nOur prices are fixed and told before the work begins.\n');
  const retried = await cairn(company.folder, ['retry', run?.id ?? '', '--step', 'notes.2.draft', '--yes']);
  expect({ code: retried.code, err: retried.err }).toEqual({ code: 0, err: '' });
  expect(retried.out).not.toContain('one-price');
  expect(await company.read('drafts/missing.md')).not.toBe('');
});

test('a workflow calls another one, with inputs of its own and its own gate', async () => {
  await workflow(
    'outer',
    `name: Outer
steps:
  article:
    workflow: inner
    with: {brief: briefs/one-price.md}
  use:
    agent: executor
    needs: article
    with: {objective: "Use {{ steps.article.steps.draft.files }}", read: drafts/inner.md}
    writes: drafts/outer.md
`,
  );
  await workflow(
    'inner',
    `name: Inner
inputs: {brief: {type: path}}
permissions: {write: drafts/**}
steps:
  draft:
    agent: executor
    with: {objective: Write, read: "{{ inputs.brief }}"}
    writes: drafts/inner.md
`,
  );
  const { proposals } = await cairnJson<Shown>(company.folder, ['run', 'outer']);
  expect(proposals.map(({ step }) => step)).toEqual(['article.draft']);
  const { code } = await cairn(company.folder, ['approve', proposals[0]?.id ?? '']);
  expect(code).toBe(3);
  expect(await company.read('drafts/inner.md')).not.toBe('');
});

test.each([
  [
    'a workflow that calls itself',
    'loop',
    'name: L\nsteps:\n  again: {workflow: loop}\n',
    'call each other without end: loop → loop',
  ],
  [
    'a workflow that is not there',
    'call',
    'name: C\nsteps:\n  x: {workflow: content-lop}\n',
    'did you mean “content-loop”?',
  ],
  [
    'an input that is not there',
    'call',
    'name: C\nsteps:\n  x: {workflow: content-loop, with: {breif: a}}\n',
    'did you mean “brief”?',
  ],
])('%s is refused with its line before anything starts', async (_what, id, text, message) => {
  await workflow(id, text);
  const { code, err } = await cairn(company.folder, ['run', id]);
  expect(code).toBe(1);
  expect(err).toContain(message);
  expect(err).toContain(`.cairn/workflows/${id}.yaml:3`);
  expect((await cairn(company.folder, ['doctor'])).out).toContain(message);
});

const planned = `name: Planned
steps:
  plan:
    agent: planner
    with: {objective: Plan the note, read: briefs/one-price.md}
    writes: plans/note.md
  agree:
    needs: plan
    gate: Is the plan right?
  work:
    needs: agree
    plan: plans/note.md
    agents: [fetcher, executor]
    writes: drafts/**
`;

test('a plan adds steps to its run: proposed as a file, approved, then carried out as they stand there', async () => {
  await workflow('planned', planned);
  const { proposals } = await cairnJson<Shown>(company.folder, ['run', 'planned']);
  const diff = await cairn(company.folder, ['proposals', '--diff']);
  expect(diff.out).toContain('+steps:');
  expect(diff.out).toContain('+    agent: executor');
  const { code, out } = await cairn(company.folder, ['approve', proposals[0]?.id ?? '']);
  expect(code).toBe(3);
  expect(out).toContain('… Work: 2 steps');
  const [made] = (await cairnJson<Shown>(company.folder, ['proposals'])).proposals;
  expect(made?.step).toBe('work.write');
});

test('a plan that holds what it may not is told with its line, corrected, and tried again', async () => {
  await workflow('planned', planned.replace(/ {2}plan:[\s\S]* {2}work:\n {4}needs: agree\n/, '  work:\n'));
  const plan = (agent: string) =>
    `# Note\n\n## Steps\n\n\`\`\`yaml\nsteps:\n  write:\n    agent: ${agent}\n    with: {objective: Write, read: briefs/one-price.md}\n    writes: drafts/note.md\n\`\`\`\n`;
  await write('plans/note.md', plan('execturo'));
  const failed = await cairn(company.folder, ['run', 'planned']);
  expect(failed.code).toBe(1);
  expect(failed.out + failed.err).toContain('plans/note.md:8');
  expect(failed.out + failed.err).toContain('did you mean “executor”?');
  await write('plans/note.md', plan('executor'));
  const { run } = (await cairnJson<{ runs: { id: string }[] }>(company.folder, ['runs'])).runs.map(
    ({ id }) => ({ run: id }),
  )[0] ?? { run: '' };
  expect((await cairn(company.folder, ['retry', run, '--yes'])).code).toBe(0);
  expect(await company.read('drafts/note.md')).not.toBe('');
});
