import { describe, expect, it } from 'vitest';
import { memoryTree, noteDescription, noteIcon, noteTooltip, passageLine } from './memory-model.ts';
import type { Note } from '../../contracts/memory.ts';
import { noteHeadSchema } from '../../contracts/memory.ts';

function note(path: string, change: object = {}): Note {
  return { path, body: '', head: noteHeadSchema.parse({ id: path, title: path, ...change }) };
}

describe('the memory', () => {
  it('is shown by folder, folders first, by name', () => {
    const tree = memoryTree([
      note('memory/z.md'),
      note('memory/voice/b.md'),
      note('memory/customers/eu/a.md'),
    ]);
    expect(
      tree.map((node) => (node.kind === 'folder' ? `${node.name} ${node.count}` : node.note.path)),
    ).toEqual(['customers 1', 'voice 1', 'memory/z.md']);
    expect(tree[0]).toMatchObject({ children: [{ kind: 'folder', path: 'memory/customers/eu' }] });
  });

  it('marks notes that were superseded', () => {
    const old = note('memory/a.md', { replaced_by: ['b'], type: 'decision', created: '2026-03-01' });
    expect([noteIcon(old), noteDescription(old)]).toEqual(['archive', 'superseded · decision · 2026-03-01']);
  });

  it('tells where a note comes from, with its text harmless', () => {
    const text = noteTooltip(note('memory/a.md', { title: '[x](command:y)', generated_by: 'run-a/draft' }));
    expect(text).toContain('Made by: run\\-a/draft');
    expect(text).not.toContain('[x](');
  });

  it('finds the line of a passage in spite of other line breaks', () => {
    const text = '---\nid: a\n---\n# Title\n\nThe customer wants\nfewer meetings and more sketches.\n';
    expect(passageLine(text, 'The customer wants fewer meetings…')).toBe(5);
    expect(passageLine(text, 'nothing like it')).toBe(0);
    expect(passageLine(text, 'a+b (c')).toBe(0);
  });
});
