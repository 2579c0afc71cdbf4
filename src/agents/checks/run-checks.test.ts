import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../base/limits.ts';
import { checkRuleSchema, type CheckRule, type Finding } from '../../contracts/check.ts';
import type { CheckContext } from './rule-family.ts';
import { describeRule, renderRule, runChecks } from './run-checks.ts';

const company: CheckContext = {
  exists: (path) => ['briefs/spring.md', 'briefs', 'memory/acme.md'].includes(path),
  noteIds: new Set(['acme-call', 'voice']),
};

function check(rule: CheckRule, content: string, path = 'drafts/a.md'): Finding[] {
  return runChecks([rule], [{ path, content }], company);
}

const problems = (rule: CheckRule, content: string): string[] =>
  check(rule, content)
    .filter((finding) => !finding.passed)
    .map(({ message, line }) => (line === undefined ? message : `${line}: ${message}`));

const cites = (text: string): string => check({ cites: { min: 9 } }, text)[0]?.message ?? '';

describe('words', () => {
  test('are counted in the body, without front matter, marks and comments', () => {
    const text =
      '---\ntitle: These words do not count\n---\n# One two\n\n- three — four\n<!-- not these -->\n';
    expect(check({ words: { min: 4 } }, text)).toEqual([
      { rule: 'words', passed: true, severity: 'error', message: 'has 4 words', path: 'drafts/a.md' },
    ]);
  });

  test('too few or too many are told with the limit', () => {
    expect(problems({ words: { min: 150 } }, 'word '.repeat(96))).toEqual([
      'has 96 words, needs at least 150',
    ]);
    expect(problems({ words: { max: 1 } }, 'one two')).toEqual(['has 2 words, may have at most 1']);
    expect(problems({ words: { min: 2 } }, 'one')).toEqual(['has 1 word, needs at least 2']);
  });

  test('of scripts without blanks are counted by letter', () => {
    expect(problems({ words: { min: 7, max: 7 } }, '私たちは小さ。 ')).toEqual([
      'has 6 words, needs at least 7',
    ]);
  });
});

describe('phrases', () => {
  test('are compared as whole words, without case, line breaks and kinds of apostrophe', () => {
    const text = 'We’re the Studio\nNorth of hotels.';
    expect(problems({ mentions: ["we're", 'studio north', 'HOTELS'] }, text)).toEqual([]);
    expect(problems({ mentions: ['hotel', 'c++'] }, text)).toEqual([
      'does not mention “hotel”',
      'does not mention “c++”',
    ]);
    expect(problems({ mentions: ['C++', '(beta)'] }, 'Written in C++ (beta).')).toEqual([]);
  });

  test('that are forbidden are told with their line, in the front matter too', () => {
    const text = '---\ntitle: A synergy\n---\nFine.\nSynergy and game\nchanger, said AI.\n';
    expect(problems({ forbids: ['synergy', 'game changer', 'a'] }, text.replace('A syn', 'syn'))).toEqual([
      '2: says “synergy”, which is to be avoided, in its front matter',
      '5: says “Synergy”, which is to be avoided',
      '5: says “game changer”, which is to be avoided',
    ]);
  });

  test('left empty by a template ask for nothing', () => {
    expect(problems({ mentions: [' '] }, 'text')).toEqual([]);
    expect(problems({ forbids: ['', 'x'] }, 'text')).toEqual([]);
  });

  test('are found in texts that spell an accent in two characters', () => {
    expect(problems({ forbids: ['café'] }, 'a\ncafe\u0301')).toHaveLength(1);
    expect(problems({ mentions: ['cafe\u0301'] }, 'Our café')).toEqual([]);
  });

  test('in a script without blanks are found inside of a sentence', () => {
    expect(problems({ forbids: ['革命的'] }, 'これは革命的な製品です')).toHaveLength(1);
  });
});

describe('structure', () => {
  test('headings are found whatever their level, case and number', () => {
    const text = '## 1. Next steps:\n\nSummary\n---\n\n```\n# Costs\n```\n';
    expect(problems({ sections: ['next steps', 'Summary', 'Costs'] }, text)).toEqual([
      'has no heading “Costs”',
    ]);
  });

  test('front matter has to set its keys to something', () => {
    const text = '---\ntitle: A\nsummary: ""\ntags: []\ndate:\ndraft: false\n---\n';
    expect(problems({ 'front-matter': ['title', 'draft'] }, text)).toEqual([]);
    expect(problems({ 'front-matter': ['summary', 'tags', 'date', 'constructor'] }, text)).toHaveLength(4);
  });

  test.each([
    ['no front matter', '# Title'],
    ['never ends', '---\ntitle: A\n'],
    ['not valid YAML', '---\ntitle: [A\n---\n'],
    ['not valid YAML', '---\ntitle: *missing\n---\n'],
    ['not valid YAML', '---\njust text\n---\n'],
  ])('front matter with a fault is told apart: %s', (what, text) => {
    expect(problems({ 'front-matter': ['title'] }, text)).toEqual([expect.stringContaining(what)]);
  });
});

describe('links', () => {
  test('to notes, files and folders that exist, to the text itself and to other systems are fine', () => {
    const text =
      '[[acme-call]] [[Voice|our voice]] [[memory/acme]] [b](../briefs/spring.md#top) [f](/briefs/) [h](#top) [w](https://x.y) [m](mailto:a@b.c) [s](a.md)';
    expect(problems({ links: 'resolve' }, text)).toEqual([]);
  });

  test('that lead nowhere are told with their line; those in code are not', () => {
    const text =
      '---\ntitle: A\n---\n[b](gone.md)\n`[c](code.md)`\n\n[[nobody]] ![p](/x.png)\n[o](../../../etc/passwd)';
    expect(problems({ links: 'resolve' }, text)).toEqual([
      '4: links to “gone.md”, but there is no drafts/gone.md',
      '7: links to [[nobody]], but there is no such note',
      '7: links to “/x.png”, but there is no x.png',
      '8: links to “../../../etc/passwd”, which leads out of the company folder',
    ]);
  });

  test('to other files of the proposal are fine, to files that it deletes are not', () => {
    const files = [
      { path: 'drafts/a.md', content: '[b](b.md) [s](../briefs/spring.md)' },
      { path: 'drafts/b.md', content: 'text' },
      { path: 'briefs/spring.md', content: undefined },
    ];
    const failed = runChecks([{ links: 'resolve' }], files, company).filter((finding) => !finding.passed);
    expect(failed.map((finding) => finding.message)).toEqual([
      'links to “../briefs/spring.md”, but there is no briefs/spring.md',
    ]);
  });
});

describe('citations', () => {
  test('count each source once, however it is written', () => {
    expect(cites('[[acme-call]] [[ACME-CALL|x]] [a](../briefs/spring.md) [b](/briefs/spring.md#x)')).toBe(
      'cites 2 sources, needs at least 9',
    );
    expect(cites('[w](https://x.y/a) <https://x.y/a#b> [v](https://x.y/c)')).toContain('cites 2 sources');
  });

  test('do not count pictures, addresses, the text itself, code and what leads nowhere', () => {
    const text =
      '![p](https://x.y/p.png) [m](mailto:a@b.c) [s](a.md) [t](#t) `[[voice]]` [[nobody]] [g](gone.md)';
    expect(cites(text)).toBe('cites 0 sources, needs at least 9');
  });

  test('are enough when there are as many as asked for', () => {
    expect(check({ cites: { min: 1 } }, '[[voice]]')).toMatchObject([
      { passed: true, message: 'cites 1 source' },
    ]);
  });
});

describe('placeholders', () => {
  test('are told with what they are and where', () => {
    const text =
      '---\ntitle: TBD\n---\nDear [your name],\nTODO write {{ inputs.x }}\n\nLorem Ipsum <insert price>';
    expect(problems({ placeholders: 'none' }, text)).toEqual([
      '2: still holds the placeholder “TBD”',
      '4: still holds the placeholder “[your name]”',
      '5: still holds the placeholder “TODO”',
      '5: still holds the placeholder “{{ inputs.x }}”',
      '7: still holds the placeholder “Lorem Ipsum”',
      '7: still holds the placeholder “<insert price>”',
    ]);
  });

  test('are not ordinary words, links and code', () => {
    const text = 'Todo en orden. [your guide](a.md) [name]: x [date](#d) `{{ x }}` METODOS [1] a < b > c';
    expect(problems({ placeholders: 'none' }, text)).toEqual([]);
  });
});

describe('checks', () => {
  test('pass deleted and binary files by', () => {
    const files = [
      { path: 'a.md', content: undefined },
      { path: 'b.bin', content: new Uint8Array([0xff, 0xfe, 0]) },
      { path: 'c.txt', content: 'a\0b' },
      { path: 'd.txt', content: new TextEncoder().encode('Grüße an alle') },
    ];
    expect(runChecks([{ words: { min: 3 } }], files, company)).toMatchObject([
      { path: 'd.txt', passed: true },
    ]);
  });

  test('fail when there is nothing they could have checked', () => {
    expect(runChecks([{ words: { min: 1 } }], [], company)).toEqual([
      { rule: 'words', severity: 'error', passed: false, message: 'There is no text file to check.' },
    ]);
    expect(check({ sections: ['A'] }, 'a,b', 'a.csv')).toMatchObject([
      { passed: false, message: 'There is no Markdown file to check.' },
    ]);
  });

  test('carry the severity of their rule', () => {
    expect(check({ words: { min: 9 }, severity: 'warning' }, 'x')).toMatchObject([{ severity: 'warning' }]);
  });

  test('tell a limited number of problems and how many more there are', () => {
    const told = problems({ forbids: ['x'] }, 'x '.repeat(limits.findingsPerRule + 7));
    expect(told).toHaveLength(limits.findingsPerRule + 1);
    expect(told.at(-1)).toBe('and 7 more of the same kind');
  });

  test('of every kind are put as an instruction', () => {
    const rules: [CheckRule, string][] = [
      [{ words: { min: 150 } }, 'Write at least 150 words.'],
      [{ words: { min: 150, max: 300 } }, 'Write 150 to 300 words.'],
      [{ mentions: ['Acme', 'spring'] }, 'Mention “Acme” and “spring”.'],
      [{ forbids: ['synergy', 'leverage', 'AI'] }, 'Do not write “synergy”, “leverage” or “AI”.'],
      [{ sections: ['Summary'] }, 'Have the heading “Summary”.'],
      [{ 'front-matter': ['title'] }, 'Begin with front matter that sets “title”.'],
      [{ cites: { min: 2 } }, 'Cite at least 2 different sources, as [[note-id]] or as a Markdown link.'],
      [{ links: 'resolve' }, 'Link only to notes and files that exist.'],
      [{ placeholders: 'none' }, 'Leave no placeholder such as TODO, TBD, lorem ipsum or {{ … }}.'],
      [{ words: { max: 1 }, severity: 'warning' }, 'Write at most 1 word. (Recommended.)'],
    ];
    for (const [rule, text] of rules) expect(describeRule(rule)).toBe(text);
  });

  test('have the templates in their phrases rendered', () => {
    expect(renderRule({ mentions: ['{{ a }}'] }, (text) => text.toUpperCase())).toEqual({
      mentions: ['{{ A }}'],
    });
    expect(renderRule({ forbids: ['a'] }, (text) => text.toUpperCase())).toEqual({ forbids: ['a'] });
  });

  test('read any text, never throw, and give every rule and file a finding', () => {
    const rules = [
      { words: { min: 3 } },
      { mentions: ['a (b', '*'] },
      { forbids: ['a', '[['] },
      { sections: ['A'] },
      { 'front-matter': ['title'] },
      { cites: { min: 1 } },
      { links: 'resolve' },
      { placeholders: 'none' },
    ].map((rule) => checkRuleSchema.parse(rule));
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('---\n', '[[', ']]', '](', ')', '`', '{{', '}}', '\n', '&a [*a, *a]', '# A', '%'),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          const content = text.replaceAll('\0', '');
          const found = runChecks(rules, [{ path: 'a.md', content }], company);
          expect(new Set(found.map((finding) => finding.rule)).size).toBe(rules.length);
          const lines = content.split(/\r\n|\r|\n/).length;
          expect(found.filter(({ line = 1 }) => line < 1 || line > lines)).toEqual([]);
        },
      ),
    );
  });
});
