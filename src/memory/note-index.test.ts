import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { noteOf } from '../../test/fixtures/notes.ts';
import type { Note } from '../contracts/memory.ts';
import { NoteIndex } from './note-index.ts';

const nowMs = Date.UTC(2026, 0, 5);
let index: NoteIndex;

beforeEach(() => {
  index = new NoteIndex();
});

function search(text: string, limit = 10, candidates?: readonly string[]) {
  return index.search({ text, limit }, { nowMs, candidates });
}
const ids = (text: string) => search(text).map(({ id }) => id);
function put(...notes: readonly Note[]): void {
  for (const note of notes) index.put(note);
}

describe('search', () => {
  it('finds a note by other forms of its words and tells why', () => {
    put(
      noteOf('harbor', 'Harbor Coffee pays its invoices late.', { type: 'fact', created: '2025-05-01' }),
      noteOf('logo', 'The logo is drawn in dark green.'),
    );
    const [hit, ...others] = search('Who is paying an invoice late?');
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ id: 'harbor', path: 'memory/harbor.md', type: 'fact', date: '2025-05-01' });
    expect(hit?.excerpt).toBe('Harbor Coffee pays its invoices late.');
    expect(hit?.signals.words).toBe(1);
    const sum = Object.values(hit?.signals ?? {}).reduce((total, part) => total + part, 0);
    expect(hit?.score).toBeCloseTo(sum, 3);
  });

  it('finds nothing in an empty index, for an empty query, or for unknown words', () => {
    expect(search('anything')).toEqual([]);
    put(noteOf('harbor', 'Harbor Coffee pays late.'));
    expect(search('')).toEqual([]);
    expect(search('and what of the')).toEqual([]);
    expect(search('zebra')).toEqual([]);
    expect(search('harbor', 0)).toEqual([]);
  });

  it('counts a title for more than a body, and finds tags and aliases', () => {
    put(
      noteOf('aside', 'Talked about pricing and lunch and the weather in town.'),
      noteOf('rates', 'Ninety euros an hour for everybody, since the spring.', { title: 'Pricing' }),
      noteOf('tagged', 'Fixed sums only.', { tags: ['retainer'], aliases: ['monthly fee'] }),
    );
    expect(ids('pricing')[0]).toBe('rates');
    expect(ids('retainer')).toEqual(['tagged']);
    expect(ids('monthly fee')).toEqual(['tagged']);
  });

  it('ranks outdated notes last and marks them', () => {
    put(
      noteOf('old', 'The hourly rate is 80 euros, the rate for all.'),
      noteOf('new', 'Hourly rate: 95 euros.', { replaces: ['old'] }),
      noteOf('ended', 'Hourly rate of 70 euros.', { valid_until: '2024-12-31' }),
      noteOf('later', 'Hourly rate of 99 euros.', { valid_until: '2027-12-31' }),
      noteOf('wrong', 'Hourly rate of 10 euros.', { invalidated_at: '2025-02-01' }),
    );
    const hits = search('hourly rate');
    const outdated = hits.filter(({ signals }) => (signals.outdated ?? 0) < 0).map(({ id }) => id);
    expect(outdated.sort()).toEqual(['ended', 'old', 'wrong']);
    expect(
      hits
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['later', 'new']);
    index.remove('new');
    expect(search('hourly rate').find(({ id }) => id === 'old')?.signals.outdated).toBeUndefined();
  });

  it('prefers the day that is asked for, the person, and the newest when asked for it', () => {
    const same = 'We agreed on the campaign.';
    put(
      noteOf('march', same, { created: '2025-03-10', author: 'Ines' }),
      noteOf('june', same, { created: '2025-06-10', author: 'Tomas' }),
    );
    expect(ids('campaign in March 2025')[0]).toBe('march');
    expect(ids('campaign on 2025-06-10')[0]).toBe('june');
    expect(ids('latest campaign')[0]).toBe('june');
    expect(ids('what did Ines say of the campaign')[0]).toBe('march');
    expect(ids('what did Tomas say of the campaign')[0]).toBe('june');
  });

  it('prefers a note that says when, for a question that asks when', () => {
    put(
      noteOf('what', 'The launch of the site went very well.'),
      noteOf('time', 'The launch of the site was last week.'),
    );
    expect(ids('When was the launch of the site?')[0]).toBe('time');
  });

  it('finds an answer by the words of the question before it in the thread', () => {
    const at = (minute: number) => ({ thread: 'mail-1', created: `2025-03-10T09:0${minute}:00Z` });
    put(
      noteOf('c', 'Tuesday suits me.', at(3)),
      noteOf('a', 'When shall we hold the workshop?', at(1)),
      noteOf('b', 'Any day but Monday, with all of the team if we can.', at(2)),
      noteOf('elsewhere', 'Tuesday is market day.', { thread: 'mail-2' }),
    );
    expect(ids('workshop')).toEqual(expect.arrayContaining(['a', 'b', 'c']));
    expect(ids('workshop')).not.toContain('elsewhere');
  });

  it('finds a note by what it links to, in any of its names', () => {
    put(
      noteOf('01J', 'Prefers serif typefaces.', { title: 'Taste of Harbor' }),
      noteOf('offer', 'Send three drafts, as in [[01J|their taste]].'),
      noteOf('decision', 'No discount.', { related: ['[[01J]]'] }),
    );
    expect(ids('serif typefaces').sort()).toEqual(['01J', 'decision', 'offer']);
    index.remove('01J');
    expect(ids('serif typefaces')).toEqual([]);
  });

  it('adds the candidates that it is given, behind what words have found', () => {
    put(noteOf('harbor', 'Harbor Coffee pays late.'), noteOf('logo', 'A drawing in dark green, for signs.'));
    const hits = search('late', 10, ['logo', 'harbor', 'unknown']);
    expect(hits.map(({ id }) => id)).toEqual(['harbor', 'logo']);
    expect(hits[1]?.signals.words).toBeUndefined();
  });

  it('copes with a query as long as a brief', () => {
    put(noteOf('harbor', 'Harbor Coffee pays late.'));
    const long = Array.from({ length: 3000 }, (_, i) => `word${i}`).join(' ');
    expect(ids(`${long} harbor`)).toEqual(['harbor']);
  });
});

describe('the index', () => {
  it('holds the newest form of a note under its id', () => {
    put(noteOf('a', 'about apples'), noteOf('a', 'about pears'));
    expect(index.size).toBe(1);
    expect(index.get('a')?.body).toBe('about pears');
    expect(ids('apples')).toEqual([]);
    expect(ids('pears')).toEqual(['a']);
  });

  it('does not mind removing what it does not hold', () => {
    index.remove('nothing');
    expect(index.size).toBe(0);
  });

  it('finds the same after any changes as one built anew from the notes that are left', () => {
    const words = fc.array(fc.constantFrom('harbor', 'late', 'logo', 'green', 'rate', '[[n1]]'), {
      maxLength: 6,
    });
    const change = fc.record({
      id: fc.constantFrom('n1', 'n2', 'n3', 'n4', 'n5'),
      words,
      remove: fc.boolean(),
      thread: fc.constantFrom('t1', 't2', undefined),
      day: fc.integer({ min: 1, max: 28 }),
      replaces: fc.constantFrom([], ['n2']),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const changed = new NoteIndex();
        const left = new Map<string, Note>();
        for (const { id, words: body, remove, thread, day, replaces } of changes) {
          const note = noteOf(id, body.join(' '), {
            ...(thread ? { thread } : {}),
            created: `2025-01-${String(day).padStart(2, '0')}`,
            replaces,
          });
          if (remove) changed.remove(id);
          else changed.put(note);
          if (remove) left.delete(id);
          else left.set(id, note);
        }
        const anew = new NoteIndex();
        for (const note of left.values()) anew.put(note);
        const found = (of: NoteIndex) =>
          of
            .search({ text: 'late green harbor rate', limit: 10 }, { nowMs })
            .map(({ id, score }) => ({ id, score: Math.round(score * 1000) }))
            .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
        expect(found(changed)).toEqual(found(anew));
      }),
      { numRuns: 200 },
    );
  });
});
