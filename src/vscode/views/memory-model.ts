import { plainMarkdown } from './markdown-text.ts';
import type { Note } from '../../contracts/memory.ts';

export interface FolderNode {
  readonly kind: 'folder';
  readonly path: string;
  readonly name: string;
  readonly children: readonly MemoryNode[];
  /** Notes in it and below. */
  readonly count: number;
}

export interface NoteNode {
  readonly kind: 'note';
  readonly note: Note;
}

export type MemoryNode = FolderNode | NoteNode;

const noteIcons: Readonly<Record<Note['head']['type'], string>> = {
  fact: 'note',
  decision: 'law',
  preference: 'heart',
  event: 'calendar',
  procedure: 'checklist',
  summary: 'list-flat',
  feedback: 'feedback',
  outcome: 'graph',
};

export function noteIcon({ head }: Note): string {
  return isSuperseded(head) ? 'archive' : noteIcons[head.type];
}

/** Notes by their folders below `memory`; folders first, all by name. */
export function memoryTree(notes: readonly Note[]): readonly MemoryNode[] {
  return childrenOf('memory', notes);
}

function childrenOf(folder: string, notes: readonly Note[]): readonly MemoryNode[] {
  const folders = new Map<string, Note[]>();
  const own: NoteNode[] = [];
  for (const note of notes) {
    const rest = note.path.startsWith(`${folder}/`) ? note.path.slice(folder.length + 1) : note.path;
    const slash = rest.indexOf('/');
    if (slash === -1) own.push({ kind: 'note', note });
    else folders.set(rest.slice(0, slash), [...(folders.get(rest.slice(0, slash)) ?? []), note]);
  }
  const below = [...folders.entries()].sort(([a], [b]) => a.localeCompare(b, 'en'));
  return [
    ...below.map(([name, members]) => folderNode(`${folder}/${name}`, name, members)),
    ...own.sort((a, b) => a.note.head.title.localeCompare(b.note.head.title, 'en')),
  ];
}

function folderNode(path: string, name: string, notes: readonly Note[]): FolderNode {
  return { kind: 'folder', path, name, children: childrenOf(path, notes), count: notes.length };
}

export function noteDescription({ head }: Note): string {
  const parts = [head.type, head.event_time ?? head.created ?? ''];
  if (isSuperseded(head)) parts.unshift('superseded');
  return parts.filter(Boolean).join(' · ');
}

/** A note's provenance, as Markdown. */
export function noteTooltip({ head, path }: Note): string {
  const facts = [
    ['Type', head.type],
    ['Created', head.created],
    ['Author', head.author],
    ['Made by', head.generated_by],
    ['Model', head.model],
    ['Sources', head.source.join(', ')],
    ['Tags', head.tags.join(', ')],
    ['Replaced by', head.replaced_by.join(', ')],
    ['File', path],
  ] as const;
  const lines = facts.flatMap(([name, value]) => (value ? [`- ${name}: ${plainMarkdown(value)}`] : []));
  return [`**${plainMarkdown(head.title)}**`, lines.join('\n')].join('\n\n');
}

/** The line of a passage in a note's text, from 0; the beginning when it is not found. */
export function passageLine(text: string, passage: string): number {
  const words = passage.replace(/…/g, ' ').split(/\s+/).filter(Boolean);
  for (let length = Math.min(8, words.length); length >= 3; length -= 1) {
    const pattern = words.slice(0, length).map(escaped).join('\\s+');
    const at = text.search(new RegExp(pattern));
    if (at !== -1) return text.slice(0, at).split('\n').length - 1;
  }
  return 0;
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isSuperseded(head: Note['head']): boolean {
  return head.replaced_by.length > 0 || head.invalidated_at !== undefined;
}
