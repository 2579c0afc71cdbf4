import { describe, expect, test } from 'vitest';
import { AppError, type Failure } from '../base/failure.ts';
import { parseWorkflowFile } from './workflow-file.ts';
import { outsideInputs, triggerScope } from './trigger-inputs.ts';

const place = { file: '.cairn/workflows/loop.yaml', id: 'loop' };

function loop(on: string, inputs = '{brief: {default: briefs/a.md}}'): string {
  return `name: Loop
on:
${on}
inputs: ${inputs}
steps:
  draft:
    agent: executor
    with: {objective: "Write of {{ inputs.brief }}"}
    writes: drafts/a.md
`;
}

function failing(text: string): Failure {
  try {
    parseWorkflowFile(text, place);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.failure;
  }
  throw new Error('It was to fail');
}

describe('on', () => {
  test('may hold several of each kind', () => {
    const { triggers } = parseWorkflowFile(
      loop(`  manual: true
  schedule:
    - cron: 0 9 * * 1
      timezone: Europe/Berlin
    - {cron: "0 17 * * 5", catchUp: all}
  file:
    - paths: [briefs/**, ideas/*.md]
      inputs: {brief: "{{ trigger.path }}"}
  connector:
    - {connector: inbox, operation: mails, with: {newest: "5"}, every: 1}`),
      place,
    );
    expect(triggers.map(({ name, line }) => [name, line])).toEqual([
      ['schedule 0 9 * * 1 Europe/Berlin', 5],
      ['schedule 0 17 * * 5', 7],
      ['file briefs/**, ideas/*.md', 9],
      ['connector inbox mails, newest 5', 12],
    ]);
    expect(triggers.slice(0, 2)).toMatchObject([{ catchUp: 'latest' }, { catchUp: 'all', timezone: 'UTC' }]);
    expect(triggers[3]).toMatchObject({ everyMs: 60_000 });
  });

  test('may be left out: by hand is always possible', () => {
    expect(parseWorkflowFile('name: A\nsteps: {a: {gate: "?"}}', place).triggers).toEqual([]);
  });

  test.each([
    [
      '  schedule: [{cron: 0 0 31 2 *}]',
      3,
      21,
      /on\.schedule\[0\]\.cron is “0 0 31 2 \*”, a time that never comes/,
    ],
    ['  schedule: [{cron: soon}]', 3, 21, /is “soon”, which is no schedule/],
    [
      '  schedule:\n    - cron: 0 9 * * *\n      timezone: Europe/Berln',
      5,
      17,
      /did you mean “Europe\/Berlin”/,
    ],
    ['  schedule: [{cron: 0 9 * * *, catchUp: some}]', 3, 41, /none, latest or all/],
    ['  schedule: [{cron: 0 9 * * *}, {cron: 0 9 * * *}]', 3, 33, /is there twice/],
    ['  file: [{paths: ../x}]', 3, 18, /names “\.\.\/x”, which no file can fit/],
    ['  file: [{paths: [briefs/**, .cairn/**]}]', 3, 30, /“\.cairn\/\*\*”/],
    ['  file: [{paths: [briefs/**], inputs: {breif: x}}]', 3, 40, /names “breif”.*did you mean “brief”/],
    ['  file: [{paths: b/*, inputs: {brief: "{{ trigger.item.id }}"}}]', 3, 39, /names “trigger\.item”/],
    ['  schedule: [{cron: 0 9 * * *, inputs: {brief: "{{ steps.a.x }}"}}]', 3, 48, /names “steps\.a”/],
    ['  connector: [{connector: inbox, operation: mails, every: 0.5}]', 3, 59, /must be at least 1/],
    ['  connector: [{connector: inbox, operation: mails, with: {file: "{{ x }}"}}]', 3, 65, /is a template/],
    ['  hourly: true', 3, 3, /on has no key “hourly”/],
  ])('%s', (on, line, column, message) => {
    const failure = failing(loop(on));
    expect(failure.message).toMatch(message);
    expect(failure.at).toEqual({ file: place.file, line, column });
    expect(failure.remedy).toBeTruthy();
  });

  test('every input without a default has to be given', () => {
    const inputs = '{brief: {}, tone: {default: plain}}';
    expect(failing(loop('  file: [{paths: briefs/*}]', inputs).replace('Write of', 'Of'))).toMatchObject({
      message: 'on.file[0] gives the input “brief” no value, and it has no default.',
      at: { line: 3 },
    });
    const given = '  file: [{paths: briefs/*, inputs: {brief: "{{ trigger.path }}"}}]';
    expect(parseWorkflowFile(loop(given, inputs), place).triggers).toHaveLength(1);
  });

  test('P7: what an item says is no objective', () => {
    const on =
      '  connector: [{connector: inbox, operation: mails, inputs: {brief: "{{ trigger.item.title }}"}}]';
    expect(failing(loop(on))).toMatchObject({
      message:
        'steps.draft.with.objective names the input “brief”, which on.connector[0] fills with text from outside.',
      at: { line: 8 },
    });
  });
});

test('inputs that hold more than the time are told apart', () => {
  const inputs = {
    day: '{{ trigger.time | slice: 0, 10 }}',
    all: '{% assign t = trigger %}{{ t.item.title }}',
    none: 'x',
  };
  expect(outsideInputs(inputs)).toEqual(['all']);
});

test('templates see the time, and what has come', () => {
  const atMs = Date.UTC(2026, 0, 5, 8);
  expect(triggerScope({ kind: 'schedule', atMs })).toEqual({ time: '2026-01-05T08:00:00Z' });
  expect(triggerScope({ kind: 'file', atMs, path: 'a.md', hash: '' })).toMatchObject({ path: 'a.md' });
});
