import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { root } from '../../../scripts/setup.mjs';

/** Where screenshots and logs of a run go; git-ignored. */
export const resultsFolder = join(root, 'test-results');

/** VS Code's window in the browser, in the words of the person who uses it. Every wait ends by itself in an error. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens an editor's address and waits until the workbench and the explorer are there. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Reloads the window by its own command, so that the editor keeps what is open. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench .activitybar .action-item').first().waitFor();
  }

  /**
   * Runs a command by its title in the palette, `Cairn: Run Workflow` for example. The palette offers what was enabled
   * when it was opened, so it is opened again until the command is there.
   */
  async runCommand(title: string): Promise<void> {
    await this.#pickWith('F1', `>${title}`, title);
  }

  /** Runs a command that is enabled by its title in the palette, by keys alone. */
  async typeCommand(title: string): Promise<void> {
    await this.#openQuickInput('F1');
    await this.#input().fill(`>${title}`);
    await this.#acceptFocused(title);
  }

  /** The titles that the palette offers for some text; the palette is closed again. */
  async offeredCommands(text: string): Promise<string[]> {
    await this.#openQuickInput('F1');
    await this.#input().fill(`>${text}`);
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const labels = await this.page
      .locator('.quick-input-list .quick-input-list-row .label-name')
      .allTextContents();
    await this.page.keyboard.press('Escape');
    return labels;
  }

  /**
   * Answers an input box. `question` is some of its title, prompt or placeholder: the box of the question before
   * may still be closing.
   */
  async answer(question: string, text: string): Promise<void> {
    await this.#asked(question);
    await this.#input().fill(text);
    await this.#input().press('Enter');
  }

  /** Takes the default of an input box; `question` as in `answer`. */
  async acceptDefault(question: string): Promise<void> {
    await this.#asked(question);
    await this.#input().press('Enter');
  }

  /** Picks an entry of the open quick pick by its label. */
  async pick(label: string): Promise<void> {
    await this.#option(label).first().click();
  }

  /** Picks an entry of the open quick pick by keys alone, once it has the focus; `text` narrows the entries to it. */
  async typePick(label: string, text = label): Promise<void> {
    await this.#option(label).first().waitFor();
    await this.#input().fill(text);
    await this.#acceptFocused(label);
  }

  /** What the open quick input says and offers. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Shows a view container by its name in the activity bar. */
  async openContainer(name: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: new RegExp(`^${escaped(name)}`) });
    const title = this.page.locator('.part.sidebar .composite.title', { hasText: name });
    const untilMs = Date.now() + 30_000;
    // A window that is just coming up may open the container by itself, and then a click closes it again.
    while (!(await title.isVisible()) && Date.now() < untilMs) {
      await tab.click();
      await title.waitFor({ timeout: 3_000 }).catch(() => undefined);
    }
    await title.waitFor();
  }

  /** The activity bar's badge of a container: its text, or '' without one. */
  async badge(container: string): Promise<string> {
    const tab = this.page.locator('.activitybar .action-item', {
      has: this.page.locator(`[aria-label^="${container}"]`),
    });
    const badge = tab.locator('.badge-content');
    return (await badge.isVisible()) ? ((await badge.textContent()) ?? '') : '';
  }

  /** A view of the side bar by its title, with everything in it. */
  view(title: string): Locator {
    const header = this.page.locator('.pane-header', { hasText: new RegExp(`^\\s*${escaped(title)}`, 'i') });
    return this.page.locator('.pane', { has: header });
  }

  /** Opens a view that is collapsed. */
  async expandView(title: string): Promise<void> {
    const header = this.view(title).locator('.pane-header').first();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** A row of a view's tree by some of its text. */
  row(view: string, text: string | RegExp): Locator {
    return this.view(view).locator('.monaco-list-row', { hasText: text }).first();
  }

  /** Gives a view of Cairn the keyboard by its command, and goes by keys alone to the row of that place, from 0. */
  async goToRow(view: string, place: number): Promise<void> {
    const { keyboard } = this.page;
    await this.typeCommand(`Cairn: Focus on ${view} View`);
    await this.view(view).locator('.monaco-list:focus-within').waitFor();
    await keyboard.press('Home');
    for (let at = 0; at < place; at += 1) await keyboard.press('ArrowDown');
  }

  /** The texts of the rows that a view's tree shows now. */
  async rows(view: string): Promise<string[]> {
    return this.view(view).locator('.monaco-list-row').allInnerTexts();
  }

  async expandRow(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
  }

  /** Ticks or unticks a tree row's checkbox; again when the tree was being drawn anew under the click. */
  async setChecked(row: Locator, checked: boolean): Promise<void> {
    const box = row.locator('.custom-view-tree-node-item-checkbox');
    const there = row.locator(`.custom-view-tree-node-item-checkbox[aria-checked="${String(checked)}"]`);
    const untilMs = Date.now() + 30_000;
    while ((await there.count()) === 0) {
      if (Date.now() > untilMs) throw new Error('The checkbox does not change.');
      await box.click();
      await there.waitFor({ timeout: 3_000 }).catch(() => undefined);
    }
  }

  /** Clicks an inline action of a tree row by its tooltip. */
  async rowAction(row: Locator, title: string): Promise<void> {
    await row.hover();
    await row.locator(`.actions [aria-label^="${title}"]`).first().click();
  }

  /** Clicks an action in a view's title by its tooltip. */
  async viewAction(view: string, title: string): Promise<void> {
    const header = this.view(view).locator('.pane-header').first();
    await header.hover();
    await header.locator(`[aria-label^="${title}"]`).first().click();
  }

  /** The editor tab of that name. */
  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  /** Opens a file of the folder by its name. */
  async openFile(name: string): Promise<void> {
    await this.#pickWith('Control+P', name, name);
    await this.tab(name).waitFor();
  }

  /** The name of the tab in front. */
  async activeTab(): Promise<string> {
    const label = this.page.locator('.editor-group-container.active .tab.active .tab-label');
    return (await label.textContent()) ?? '';
  }

  /** Clicks an action in the title of the editor in front by its tooltip. */
  async editorAction(title: string): Promise<void> {
    await this.page.locator(`.editor-actions [aria-label^="${title}"]`).first().click();
  }

  /** What one side of the diff in front shows of its text. */
  async diffText(side: 'original' | 'modified'): Promise<string> {
    const editors = this.page.locator(`.multiDiffEditor .editor.${side} .view-lines`);
    const texts = await editors.allInnerTexts();
    return texts.join('\n').replaceAll('\u00a0', ' ');
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  /** A notification by some of its text: a toast, of which VS Code shows three at once, or one in the open list. */
  notification(text: string | RegExp): Locator {
    return this.page
      .locator('.notifications-toasts, .notifications-center')
      .locator('.notification-list-item', { hasText: text })
      .first();
  }

  /** Opens the list of notifications, where those are that no toast shows any more. */
  async showNotifications(): Promise<void> {
    await this.runCommand('Notifications: Show Notifications');
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
  }

  /**
   * Waits for a notification. VS Code shows no toast when several came within a second, so after a while the list
   * is opened.
   */
  async awaitNotification(text: string | RegExp): Promise<Locator> {
    const found = this.notification(text);
    const asToast = await found.waitFor({ timeout: 4_000 }).then(
      () => true,
      () => false,
    );
    if (!asToast) await this.showNotifications();
    await found.waitFor();
    return found;
  }

  /** Presses a button of a notification. */
  async pressInNotification(text: string | RegExp, button: string): Promise<void> {
    const found = await this.awaitNotification(text);
    await found.getByRole('button', { name: button, exact: true }).click();
  }

  /** The open modal dialog, by some of its text. */
  dialog(text: string): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  /** Presses a button of the open modal dialog. */
  async pressInDialog(button: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click();
  }

  /** The frame of a webview, found by an element in it: a webview is a frame in a frame, and neither has a name. */
  async webview(selector: string, timeoutMs = 20_000): Promise<Frame> {
    const untilMs = Date.now() + timeoutMs;
    while (Date.now() < untilMs) {
      for (const frame of this.page.frames()) {
        if (await hasElement(frame, selector)) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No webview shows "${selector}" within ${timeoutMs / 1000} s.`);
  }

  /** Keeps a picture of the window in test-results/. */
  async screenshot(name: string): Promise<void> {
    await mkdir(resultsFolder, { recursive: true });
    await this.page.screenshot({ path: join(resultsFolder, `${name}.png`) });
  }

  /** Opens a quick pick by a key, types, and picks; again when it was closed by what else went on, or lacks the entry. */
  async #pickWith(key: string, text: string, label: string): Promise<void> {
    const untilMs = Date.now() + 30_000;
    const option = this.#option(label).first();
    const pick = async () => {
      await this.#openQuickInput(key);
      await this.#input().fill(text, { timeout: 3_000 });
      await option.click({ timeout: 3_000 });
    };
    for (;;) {
      try {
        return await pick();
      } catch (thrown) {
        if (Date.now() > untilMs) throw thrown;
      }
      await this.page.keyboard.press('Escape');
    }
  }

  /**
   * Presses a key that opens a quick input, from the activity bar: the editor gives the focus back to where it came
   * from, to a webview with a delay, and takes it by that from whatever the command has opened meanwhile.
   */
  async #openQuickInput(key: string): Promise<void> {
    await this.page.locator('.activitybar').getByRole('tab').first().press(key);
  }

  async #acceptFocused(label: string): Promise<void> {
    await this.#option(label).and(this.page.locator('.focused')).waitFor();
    await this.page.keyboard.press('Enter');
  }

  async #asked(question: string): Promise<void> {
    const asked = this.quickInput().filter({ hasText: question });
    await asked.or(this.quickInput().getByPlaceholder(question)).first().waitFor();
  }

  #input(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  #option(label: string): Locator {
    const name = this.page.locator('.label-name', { hasText: new RegExp(`^\\s*${escaped(label)}\\s*$`) });
    return this.page.locator('.quick-input-list .monaco-list-row', { has: name });
  }
}

/** A frame may go away while it is asked; then it has nothing. */
async function hasElement(frame: Frame, selector: string): Promise<boolean> {
  return frame
    .locator(selector)
    .first()
    .isVisible()
    .catch(() => false);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
