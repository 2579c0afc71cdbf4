import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError, describeFailure, type Failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Workflow } from '../contracts/workflow.ts';
import { parseWorkflow } from './workflow-file.ts';

const place = { file: '.cairn/workflows/loop.yaml', id: 'loop' };

const good = `name: Loop
inputs:
  brief: {type: path, default: briefs/a.md}
permissions: {write: [drafts/**, published/*.md]}
baseline: {minutes: 90}
steps:
  research:
    agent: fetcher
    with: {objective: "Find what bears on {{ inputs.brief }}"}
  draft:
    agent: executor
    needs: research
    timeout: 0.5
    retry: {max: 2}
    with:
      objective: Write it
      read: ["{{ inputs.brief }}"]
    writes: drafts/{{ inputs.brief | slug }}.md
  quality:
    check:
      - words: {min: 10}
    judge: qa
    needs: [draft]
    on-fail: {revise: draft}
  mails:
    connector: inbox
    operation: mails
  approve:
    gate: Good?
    needs: [quality, mails]
`;

function parse(text: string): Workflow {
  return parseWorkflow(text, place);
}

function failing(text: string): Failure {
  try {
    parse(text);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.failure;
    throw thrown;
  }
  throw new Error('it was accepted');
}

function outcomeOf(text: string): unknown {
  try {
    parse(text);
    return 'parsed';
  } catch (thrown) {
    return thrown instanceof AppError ? 'refused' : thrown;
  }
}

function withWrites(glob: string): string {
  return good.replace('writes: drafts/{{ inputs.brief | slug }}.md', `writes: ["${glob}"]`);
}

const at = (line: number, column: number) => ({ file: place.file, line, column });

describe('a valid workflow', () => {
  const workflow = parse(good);
  const step = (id: string) => workflow.steps.find((one) => one.id === id);

  test('keeps the order of the file and knows the kind, name and line of each step', () => {
    expect(workflow.steps.map(({ id, kind, name, line }) => ({ id, kind, name, line }))).toEqual([
      { id: 'research', kind: 'agent', name: 'Research', line: 7 },
      { id: 'draft', kind: 'agent', name: 'Draft', line: 10 },
      { id: 'quality', kind: 'check', name: 'Quality', line: 19 },
      { id: 'mails', kind: 'connector', name: 'Mails', line: 25 },
      { id: 'approve', kind: 'gate', name: 'Approve', line: 28 },
    ]);
  });

  test('has defaults: no needs, ten minutes, three tries; a gate is tried once', () => {
    expect(step('research')).toMatchObject({ needs: [], timeoutMs: limits.stepTimeoutMs, maxAttempts: 3 });
    expect(step('quality')).toMatchObject({
      maxAttempts: 3,
      onFail: { revise: 'draft', max: 2 },
      judge: 'qa',
    });
    expect(step('approve')).toMatchObject({ maxAttempts: 1, question: 'Good?' });
  });

  test('takes what is written: one need, minutes, tries, one path', () => {
    expect(step('draft')).toMatchObject({ needs: ['research'], timeoutMs: 30_000, maxAttempts: 2 });
    expect(step('draft')).toMatchObject({ writes: ['drafts/{{ inputs.brief | slug }}.md'] });
    expect(workflow).toMatchObject({ id: 'loop', name: 'Loop', baselineMinutes: 90 });
  });

  test('is plain data that survives JSON, because runs are pinned to it', () => {
    expect(JSON.parse(JSON.stringify(workflow))).toEqual(workflow);
  });
});

describe('what is wrong is told with file, line, column and remedy', () => {
  test.each([
    [
      'an unknown need',
      good.replace('needs: research', 'needs: reserch'),
      'steps.draft.needs names “reserch”, which is not a step; did you mean “research”?',
      at(12, 12),
    ],
    [
      'an unknown need in a list',
      good.replace('[quality, mails]', '[quality, mals]'),
      'steps.approve.needs names “mals”, which is not a step; did you mean “mails”?',
      at(30, 22),
    ],
    [
      'a step that needs itself',
      good.replace('needs: [draft]', 'needs: [draft, quality]'),
      'steps.quality.needs names the step itself.',
      at(23, 20),
    ],
    [
      'an unknown key',
      good.replace('timeout:', 'timout:'),
      'steps.draft has no key “timout”; did you mean “timeout”?',
      at(13, 5),
    ],
    [
      'a condition over what is not there',
      good.replace('    needs: research\n', "    needs: research\n    if: inputs.brif == 'a'\n"),
      'steps.draft.if names “brif”, which is not an input; did you mean “brief”?',
      at(13, 9),
    ],
    [
      'a condition over a step that is not done before',
      good.replace('    needs: research\n', '    needs: research\n    if: steps.mails.items\n'),
      'steps.draft.if names “mails”, which is not a step before it.',
      at(13, 9),
    ],
    [
      'a condition in braces',
      good.replace('    needs: research\n', '    needs: research\n    if: "{{ inputs.brief }}"\n'),
      'steps.draft.if: write the condition alone, without braces',
      at(13, 9),
    ],
    [
      'a condition of a gate',
      good.replace('gate: Good?', 'gate: Good?\n    if: inputs.brief'),
      'steps.approve has no key “if”; its keys are name, needs, timeout, gate, remind, within, otherwise',
      at(30, 5),
    ],
    [
      'a wait for files that nothing can be',
      good.replace('gate: Good?', 'wait: {paths: [a/*, ../*]}'),
      'steps.approve.wait.paths names “../*”, which no file can fit.',
      at(29, 25),
    ],
    [
      'a wait until a day that there is not',
      good.replace('gate: Good?', 'wait: {until: "2026-02-30T09:00"}'),
      'steps.approve.wait.until is “2026-02-30T09:00”, a day that its month does not have.',
      at(29, 19),
    ],
    [
      'a wait with a default and no limit',
      good.replace('gate: Good?', 'wait: {paths: a/*, otherwise: none}'),
      'steps.approve.wait.otherwise: say “within” how long, too',
      at(29, 35),
    ],
    [
      'a step without a kind',
      good.replace('gate: Good?', 'name: Good?'),
      'steps.approve needs one of agent, connector, effect, check, gate, wait, map, workflow, plan, to say what it does.',
      at(28, 3),
    ],
    [
      'a step whose kind is misspelt',
      good.replace('gate: Good?', 'gaet: Good?'),
      'steps.approve needs one of agent, connector, effect, check, gate, wait, map, workflow, plan, to say what it does; did you mean “gate” by “gaet”?',
      at(28, 3),
    ],
    [
      'a step with two kinds',
      good.replace('gate: Good?', 'gate: Good?\n    agent: qa'),
      'steps.approve has both “agent” and “gate”; make two steps of it.',
      at(28, 3),
    ],
    [
      'a revert',
      good.replace('gate: Good?', 'revert: [abc]'),
      'steps.approve is a “revert”, which only Cairn itself starts; use “cairn revert”.',
      at(28, 3),
    ],
    [
      'a step that is no map',
      good.replace('approve:\n    gate: Good?\n    needs: [quality, mails]', 'approve: yes'),
      'steps.approve must be a map of keys.',
      at(28, 3),
    ],
    [
      'a send-back to a step that does not write',
      good.replace('revise: draft', 'revise: research'),
      'steps.quality.on-fail.revise names “research”, which is not a step before it that writes.',
      at(24, 23),
    ],
    [
      'a check with nothing to check',
      good.replace('needs: [draft]\n', 'needs: [research]\n'),
      'steps.quality has nothing to check: no step before it writes.',
      at(23, 5),
    ],
    [
      'a template over an input that is not there',
      good.replace('{{ inputs.brief }}"}', '{{ inputs.breif | upcase }}"}'),
      'steps.research.with.objective names “breif”, which is not an input; did you mean “brief”?',
      at(9, 23),
    ],
    [
      'a template over a step that comes later',
      good.replace('objective: Write it', 'objective: "{{ steps.quality.output }}"'),
      'steps.draft.with.objective names “quality”, which is not a step before it.',
      at(16, 18),
    ],
    [
      'a path that permissions do not cover',
      good.replace('writes: drafts/', 'writes: notes/'),
      'steps.draft.writes names “notes/{{ inputs.brief | slug }}.md”, which permissions.write (drafts/**, published/*.md) does not cover.',
      at(18, 13),
    ],
    [
      'a protected path',
      good.replace('writes: drafts/{{ inputs.brief | slug }}.md', 'writes: [.cairn/policy.yaml]'),
      'steps.draft.writes names “.cairn/policy.yaml”, which only you may change.',
      at(18, 14),
    ],
    [
      'a path out of the company',
      good.replace('writes: drafts/', 'writes: ../drafts/'),
      'steps.draft.writes names “../drafts/{{ inputs.brief | slug }}.md”, which is not a path in the company.',
      at(18, 13),
    ],
    [
      'a default of the wrong type',
      good.replace('type: path', 'type: number'),
      'inputs.brief.default must be a number, not text.',
      at(3, 34),
    ],
    ['no step', 'name: Loop\nsteps: {}\n', 'The workflow has no step.', at(2, 1)],
    [
      'an unusable step id',
      good.replace('  mails:', '  Mails:'),
      '“Mails” is not a usable name: use lower-case letters, digits and hyphens, at most 40',
      at(25, 3),
    ],
    ['no steps at all', 'name: Loop\n', 'The file needs “steps”.', at(1, 1)],
  ])('%s', (_what, text, message, where) => {
    const failure = failing(text);
    expect(failure.message.replace(/\.$/, '')).toBe(message.replace(/\.$/, ''));
    expect(failure.at).toEqual(where);
    expect(failure.remedy).toBeTruthy();
  });

  test('a glob wider than the permissions is refused, a narrower one is not', () => {
    expect(parse(withWrites('published/*.md')).steps).toHaveLength(5);
    expect(failing(withWrites('published/**')).message).toContain('does not cover');
    expect(failing(withWrites('**/*.md')).message).toContain('does not cover');
  });

  test('steps that wait for each other are named in a loop', () => {
    const failure = failing(good.replace('agent: fetcher', 'agent: fetcher\n    needs: [approve]'));
    expect(failure.code).toBe('workflow.cycle');
    expect(failure.message).toContain('research → approve → quality → draft → research');
    expect(describeFailure(failure)).toMatch(/^\.cairn\/workflows\/loop\.yaml:9:5: These steps wait/);
  });

  test('flaws of several steps are all told', () => {
    const failure = failing(
      good.replace('timeout: 0.5', 'timeout: soon').replace('gate: Good?', 'gate: [x]'),
    );
    expect(failure.message).toBe('steps.draft.timeout must be a number, not “soon”.');
    expect(failure.causes).toHaveLength(1);
  });

  test('more steps than a workflow may have', () => {
    const steps = Array.from({ length: limits.stepsPerWorkflow + 1 }, (_, i) => `  s${i}: {gate: Good?}`);
    expect(failing(`name: Loop\nsteps:\n${steps.join('\n')}\n`).message).toContain('201 steps');
  });

  test('no text makes anything else than a coded failure', () => {
    const lines = good.split('\n');
    const edit = fc.record({
      at: fc.nat(lines.length - 1),
      to: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom(...lines, '  x: {needs: [x]}', '__proto__: 1'),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), (edits) => {
        const changed = [...lines];
        for (const one of edits) changed[one.at] = one.to;
        expect(['parsed', 'refused']).toContain(outcomeOf(changed.join('\n')));
      }),
    );
  });
});
