import { expect, test } from 'vitest';
import { material } from '../request.fixture.ts';
import { requirementsOf, unmet } from './requirements.ts';
import type { Finding } from '../../contracts/check.ts';

const finding = (rule: string, message: string): Finding => ({
  rule,
  message,
  passed: false,
  severity: 'error',
});

test('expectations in words are read as what they ask for', () => {
  const expectations = [
    'Write 150 to 600 words.',
    'Mention “Greta” and “£420”.',
    'Do not write “synergy”, “leverage” and “world-class”.',
    'Have the headings “Why” and “How”.',
    'Begin with front matter that sets “title” and “date”.',
    'Cite at least 3 different sources, as [[note-id]] or as a Markdown link.',
    'Link only to notes and files that exist.',
    'Leave no placeholder such as TODO, TBD, lorem ipsum or {{ … }}.',
  ];
  expect(requirementsOf(material({ expectations, sections: ['Why'] }))).toEqual({
    minWords: 150,
    maxWords: 600,
    mentions: ['Greta', '£420'],
    forbids: ['synergy', 'leverage', 'world-class'],
    sections: ['Why', 'How'],
    keys: ['title', 'date'],
    minCites: 3,
    deadLinks: [],
  });
});

test('what a check found is read the same way; what passed asks for nothing', () => {
  const findings = [
    finding('words', 'has 96 words, needs at least 150'),
    finding('mentions', 'does not mention “Greta”'),
    finding('forbids', 'says “synergy”, which is to be avoided'),
    finding('links', 'links to [[gone]], but there is no such note'),
    finding('cites', 'cites 1 source, needs at least 2'),
    { ...finding('words', 'has 900 words, may have at most 600'), passed: true },
  ];
  const wanted = requirementsOf(material({ feedback: [{ from: 'check', text: '', findings }] }));
  expect(wanted).toMatchObject({ minWords: 150, mentions: ['Greta'], forbids: ['synergy'], minCites: 2 });
  expect(wanted).toMatchObject({ maxWords: Infinity, deadLinks: ['gone'] });
});

test('the operator’s own words count too', () => {
  const text = 'Mention “the deposit”. Don’t say “cheap”. Add a section “Terms”.';
  expect(requirementsOf(material({ feedback: [{ from: 'operator', text, findings: [] }] }))).toMatchObject({
    mentions: ['the deposit'],
    forbids: ['cheap'],
    sections: ['Terms'],
  });
});

test('what is missing is named, and nothing else', () => {
  const wanted = requirementsOf(
    material({
      expectations: [
        'Write at least 4 words.',
        'Mention “Greta”.',
        'Have the headings “Why”.',
        'Cite at least 2 different sources.',
      ],
    }),
  );
  expect(unmet('## 1. Why:\n\nGreta came [[a]], [here](b.md).\n', wanted)).toEqual([]);
  expect(unmet('Gretas [[a]] [[a]].\n', wanted)).toEqual([
    'It has 3 words; at least 4 were asked for.',
    'It does not mention “Greta”.',
    'It has no heading “Why”.',
    'It cites 1 sources; at least 2 were asked for.',
  ]);
});
