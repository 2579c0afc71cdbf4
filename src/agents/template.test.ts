import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { AppError, type Failure } from '../base/failure.ts';
import { renderTemplate, slug, type TemplateOrigin, type TemplateScope } from './template.ts';

const scope: TemplateScope = {
  inputs: { brief: 'briefs/Spring Launch.md', audience: 'owners of small hotels', words: 300 },
  run: { id: '20260105-content-loop-ab12', date: '2026-01-05', workflow: 'content-loop' },
  steps: { plan: { objectives: ['Be found', 'Be trusted'], tasks: [{ step: 'draft' }] }, 'fetch-facts': 'x' },
};
const part: TemplateOrigin = {
  file: '.cairn/workflows/content-loop.yaml',
  part: { name: 'steps.draft.with.objective', line: 12 },
};
const whole: TemplateOrigin = { file: '.cairn/workflows/draft.prompt.md' };

const render = (text: string): string => renderTemplate(text, scope, part);

function failureOf(text: string, origin = part): Failure {
  try {
    renderTemplate(text, scope, origin);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.failure;
    throw thrown;
  }
  throw new Error('The template was rendered.');
}

describe('a template', () => {
  test('refers to inputs, the run and earlier steps', () => {
    expect(render('{{ inputs.words }} words for {{ inputs.audience }}, {{ run.date }}')).toBe(
      '300 words for owners of small hotels, 2026-01-05',
    );
    expect(render('{{ steps.plan.objectives }} / {{ steps.fetch-facts }}')).toBe('Be found, Be trusted / x');
  });

  test('makes a file’s name from a path', () => {
    expect(render('drafts/{{ inputs.brief | slug }}.md')).toBe('drafts/spring-launch.md');
  });

  test('puts structured outputs down as JSON', () => {
    expect(render('{{ steps.plan.tasks }}')).toBe('[{"step":"draft"}]');
  });

  test('finds nothing in a step that was skipped, however deep it looks', () => {
    const without = (text: string) => renderTemplate(text, { ...scope, skipped: ['mail'] }, part);
    expect(without('[{{ steps.mail }}][{{ steps.mail.material[0].text | truncate: 9 }}]')).toBe('[][]');
    expect(without('{% if steps.mail.material %}mail{% else %}none{% endif %}')).toBe('none');
    expect(without('{% for one in steps.mail.material %}{{ one.title }}{% endfor %}.')).toBe('.');
    expect(without("{{ steps.mail.title | default: 'no mail' }} {{ steps.mail.items | slug }}")).toBe(
      'no mail ',
    );
    expect(() => without('{{ steps.post }}')).toThrow('steps.post');
  });

  test('inserts values as they are, without rendering them again', () => {
    const inputs = { brief: '{{ run.id }} {% include "/etc/passwd" %}' };
    expect(renderTemplate('{{ inputs.brief }}', { ...scope, inputs }, part)).toBe(inputs.brief);
  });

  test('may ask for what is not there in a condition and with a default', () => {
    expect(
      render('{% if inputs.tone %}x{% else %}plain{% endif %} {{ inputs.tone | default: "warm" }}'),
    ).toBe('plain warm');
  });

  test('formats fixed dates the same everywhere', () => {
    expect(render('{{ run.date | date: "%-d %B %Y" }}')).toBe('5 January 2026');
    expect(render('{{ "2026-01-05T23:30:00Z" | date: "%Y-%m-%d %H:%M" }}')).toBe('2026-01-05 23:30');
  });
});

describe('a wrong template', () => {
  test('names the unknown variable, what was probably meant, and the line of its step', () => {
    const failure = failureOf('Write about {{ inputs.audiense }}.');
    expect(failure).toMatchObject({
      code: 'definition.invalid',
      at: { file: part.file, line: 12 },
    });
    expect(failure.message).toContain('steps.draft.with.objective');
    expect(failure.message).toContain('“inputs.audiense”');
    expect(failure.message).toContain('did you mean “inputs.audience”?');
    expect(failure.remedy).toContain('run.date');
  });

  test('in a file of its own is placed by line and column', () => {
    expect(failureOf('First line\n  {{ steps.edit }}', whole).at).toEqual({
      file: whole.file,
      line: 2,
      column: 6,
    });
  });

  test.each([
    ['an open output', '{{ inputs.brief'],
    ['an unknown filter', '{{ inputs.brief | shout }}'],
    ['an unknown tag', '{% frobnicate %}'],
    ['another file', '{% include "x" %}'],
    ['another file', '{% render "x" %}'],
    ['a layout', '{% layout "x" %}'],
    ['chance', '{{ steps.plan.objectives | sample }}'],
    ['the clock', '{{ "now" | date: "%Y" }}'],
    ['the clock', '{{ "today" | date_to_string }}'],
    ['the time zone', '{{ "2026-01-05 10:00" | date: "%H" }}'],
    ['an inherited property', '{{ inputs.constructor.name }}'],
  ])('that needs %s is refused: %s', (_what, text) => {
    const failure = failureOf(text);
    expect(failure.code).toBe('definition.invalid');
    expect(failure.message).not.toMatch(/line:\d/);
  });

  test.each([
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{% assign s = inputs.brief %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}',
    '{% for i in (1..100000) %}{{ inputs.brief }}{% endfor %}',
    '{% for i in (1..300000) %}x{% endfor %}',
  ])('that renders to too much reaches a limit: %s', (text) => {
    expect(failureOf(text)).toMatchObject({ code: 'limit.reached', retry: 'operator' });
  });
});

const outcome = (text: string): string => {
  try {
    return render(text);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.message;
    throw thrown;
  }
};

test('rendering the same twice gives the same, whatever the time and the texts', () => {
  vi.useFakeTimers();
  const pieces = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    ' inputs.brief ',
    ' | slug',
    ' run.date | date: "%c"',
    'a',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), fc.nat(10 ** 10), (parts, laterMs) => {
      const text = parts.join('');
      vi.setSystemTime(0);
      const early = outcome(text);
      vi.setSystemTime(laterMs);
      expect(outcome(text)).toBe(early);
    }),
  );
  vi.useRealTimers();
});

test('a slug is one kebab-case word of letters and digits', () => {
  expect(slug('briefs/Ünïcode & Café (v2).draft.md')).toBe('unicode-cafe-v2-draft');
  expect(slug('a/b/.hidden')).toBe('hidden');
  expect(slug('No folders here')).toBe('no-folders-here');
  expect(slug('C:\\mails\\Re_ Offer.eml')).toBe('re-offer');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(slug(text)).toMatch(/^(?:[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*)?$/u);
    }),
  );
});
