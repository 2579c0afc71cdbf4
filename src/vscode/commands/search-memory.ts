import * as vscode from 'vscode';
import { Coalescer } from '../coalescer.ts';
import { showFailure } from '../failure-message.ts';
import type { Shell } from '../shell.ts';
import { passageLine } from '../views/memory-model.ts';
import type { Cairn } from '../../app/cairn.ts';
import type { MemoryHit } from '../../contracts/memory.ts';

const TYPING_MS = 120;
const MOST_HITS = 20;

interface HitItem extends vscode.QuickPickItem {
  readonly hit: MemoryHit;
}

/** Searches the notes while one types, previews the one that is in front, and opens it at the passage. */
export async function searchMemory(shell: Shell, argument: unknown): Promise<void> {
  const cairn = await shell.company.openToRead();
  const { root } = shell.company;
  if (!root) return;
  const pick = vscode.window.createQuickPick<HitItem>();
  pick.title = 'Search Memory';
  pick.placeholder = 'What do you want to know?';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  if (typeof argument === 'string') pick.value = argument;
  const fail = (thrown: unknown) => void showFailure(thrown, root);
  const search = new Coalescer(() => showHits(cairn, pick), TYPING_MS, fail);
  const preview = new Coalescer(() => openHit(pick.activeItems[0], root, true), TYPING_MS, fail);
  pick.onDidChangeValue(() => search.request());
  pick.onDidChangeActive(() => preview.request());
  pick.onDidAccept(() => {
    void openHit(pick.activeItems[0], root, false).catch(fail);
    pick.hide();
  });
  pick.onDidHide(() => {
    search.dispose();
    preview.dispose();
    pick.dispose();
  });
  pick.show();
  search.request();
}

/** Looks again when the text has changed while the answer was on its way. */
async function showHits(cairn: Cairn, pick: vscode.QuickPick<HitItem>): Promise<void> {
  const text = pick.value.trim();
  if (text === '') {
    pick.items = [];
    return;
  }
  pick.busy = true;
  try {
    const hits = await cairn.searchMemory(text, MOST_HITS);
    if (pick.value.trim() === text) pick.items = hits.map(itemOf);
  } finally {
    pick.busy = false;
  }
}

function itemOf(hit: MemoryHit): HitItem {
  return {
    label: hit.title,
    description: [hit.type, hit.date].filter(Boolean).join(' · '),
    detail: hit.excerpt.replace(/\s+/g, ' '),
    iconPath: new vscode.ThemeIcon('note'),
    // The search has decided; the editor's own filter would hide what it does not match letter by letter.
    alwaysShow: true,
    hit,
  };
}

async function openHit(item: HitItem | undefined, root: vscode.Uri, isPreview: boolean): Promise<void> {
  if (!item) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, item.hit.path));
  const line = passageLine(document.getText(), item.hit.excerpt);
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(document, { preview: true, preserveFocus: isPreview, selection });
}
