import { describe, expect, it } from 'vitest';
import { AppError, type Failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { namesOf, parseNote } from './note-file.ts';

const path = 'memory/customers/harbor.md';

function failureOf(text: string): Failure {
  try {
    parseNote(path, text);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.failure;
    throw thrown;
  }
  throw new Error('The note was accepted.');
}

describe('a note', () => {
  it('is read with its front matter, unknown keys too', () => {
    const note = parseNote(
      path,
      '---\nid: 01J\ntitle: Harbor Coffee\ntags: [customer]\ncreated: 2025-03-04\nmood: calm\n---\n\nPays late.\n',
    );
    expect(note.head).toMatchObject({
      id: '01J',
      title: 'Harbor Coffee',
      tags: ['customer'],
      type: 'fact',
      author: 'operator',
      mood: 'calm',
    });
    expect(note.head.created).toBe('2025-03-04');
    expect(note.body.trim()).toBe('Pays late.');
  });

  it('needs no front matter: its path is its id, its heading its title', () => {
    const { head, body } = parseNote(path, 'Intro.\n\n## Harbor Coffee ##\n\nPays late.\n');
    expect(head).toMatchObject({ id: 'customers/harbor', title: 'Harbor Coffee' });
    expect(body).toContain('Pays late.');
  });

  it('without a heading is titled by its file', () => {
    expect(parseNote('memory/late_payers-2025.md', 'Text.').head.title).toBe('late payers 2025');
  });

  it('may leave keys of the template empty', () => {
    const { head } = parseNote(path, '---\nid:\ntitle: ""\nvalid_until:\ntags:\n---\n# Harbor\n');
    expect(head).toMatchObject({ id: 'customers/harbor', title: 'Harbor', tags: [] });
    expect(head.valid_until).toBeUndefined();
  });

  it('is read with a byte order mark and with Windows line ends', () => {
    const { head, body } = parseNote(path, '\uFEFF---\r\nid: a\r\ntitle: A\r\n---\r\nText.\r\n');
    expect(head.id).toBe('a');
    expect(body).toBe('Text.\r\n');
  });

  it('does not share what was parsed with a later reading of the same text', () => {
    const text = '---\nid: a\ntitle: A\ntags: [one]\n---\nText.';
    parseNote(path, text).head.tags.push('two');
    expect(parseNote(path, text).head.tags).toEqual(['one']);
  });

  it('goes by its id, its path and its file name', () => {
    const { head } = parseNote(path, '---\nid: 01J\n---\n# Harbor');
    expect([...namesOf(head, path)]).toEqual(['01J', 'customers/harbor', 'harbor']);
  });
});

describe('a broken note', () => {
  it.each(['js', 'javascript', 'JavaScript', 'json', 'coffee', 'toml', 'constructor', '__proto__'])(
    'in “%s” is refused, and nothing of it is evaluated',
    (language) => {
      Reflect.deleteProperty(globalThis, 'evaluated');
      const failure = failureOf(
        `---${language}\n(globalThis.evaluated = true, { id: 'a', title: 'A' })\n---\n`,
      );
      expect(failure).toMatchObject({ code: 'note.invalid', at: { file: path, line: 1 } });
      expect(failure.message).toContain(language);
      expect(Reflect.has(globalThis, 'evaluated')).toBe(false);
    },
  );

  it('whose YAML runs code is refused', () => {
    const failure = failureOf('---\nid: !!js/function "function () {}"\n---\n');
    expect(failure.code).toBe('note.invalid');
  });

  it('names the line that is no YAML', () => {
    const failure = failureOf('---\nid: a\ntitle: A\ntags: [one\nauthor: me\n---\nText.\n');
    expect(failure).toMatchObject({ code: 'note.invalid', retry: 'operator', at: { file: path, line: 5 } });
    expect(failure.remedy).toBeTruthy();
    expect(failure.kept).toContain('all other notes');
  });

  it('names the line of a value that does not fit', () => {
    const failure = failureOf('---\nid: a\ntitle: A\n# a remark\ntype: rumour\n---\nText.\n');
    expect(failure.at).toEqual({ file: path, line: 5 });
    expect(failure.message).toContain('type');
    expect(failure.message).toContain('rumour');
  });

  it('says when the front matter never ends', () => {
    expect(failureOf('---\nid: a\n\nText.\n')).toMatchObject({ code: 'note.invalid', at: { line: 1 } });
  });

  it('says when the front matter is no list of keys', () => {
    expect(failureOf('---\njust a sentence\n---\nText.\n').message).toContain('not a list of keys');
  });

  it('is refused when it is larger than a note may be', () => {
    expect(failureOf('x'.repeat(limits.noteBytes + 1)).code).toBe('file.too-large');
  });
});
