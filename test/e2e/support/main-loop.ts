import { expect } from 'vitest';
import type { Workbench } from './workbench.ts';

/** How long a run may take to its next gate on a loaded machine. */
export const runMs = 90_000;

/** Starts the content loop by the palette with its defaults, and waits until its first gate asks for decisions. */
export async function runContentLoop(workbench: Workbench): Promise<void> {
  await workbench.runCommand('Cairn: Run Workflow');
  await workbench.pick('Content loop');
  await workbench.acceptDefault('The brief to write from');
  await workbench.acceptDefault('A phrase that the text must contain');
  await awaitBadge(workbench, '3');
  await workbench.openContainer('Cairn');
  await workbench.row('Approvals', 'Edit').waitFor();
}

/** Starts the answering of the newest mail by the palette, and waits for its proposal. */
export async function runInboxToReply(workbench: Workbench): Promise<void> {
  await workbench.runCommand('Cairn: Run Workflow');
  await workbench.pick('Inbox to reply');
  await workbench.acceptDefault('A file in inbox/');
  await awaitBadge(workbench, '1');
  await workbench.openContainer('Cairn');
  await workbench.row('Approvals', 'Write the reply').waitFor();
}

/** Waits until so many decisions are asked for; '' for none. */
export async function awaitBadge(workbench: Workbench, count: string): Promise<void> {
  await expect.poll(() => workbench.badge('Cairn'), { timeout: runMs, interval: 200 }).toBe(count);
}
