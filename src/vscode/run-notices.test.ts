import { beforeEach, expect, it, vi } from 'vitest';
import type { Company } from './company.ts';
import type { ProposalSummary, RunSummary } from '../app/cairn.ts';

const notice = vi.hoisted(() => ({
  show: vi.fn<(text: string, ...buttons: string[]) => Promise<undefined>>(),
}));
vi.mock('vscode', () => ({ window: { showInformationMessage: notice.show }, commands: {} }));
const { RunNotices } = await import('./run-notices.ts');

const waiting = 'Inbox still waits for your decision.';
const run = { id: 'r', workflowName: 'Inbox', status: { is: 'waiting' }, waits: [] };
const current = { n: 1, version: 1, commit: 'c1' };
const proposals = [{ run: 'r', id: 'r/1', current, awaiting: true, workflowName: 'Inbox' }];

/** How often the run's gate has reminded, as its journal has it. */
let reminders: number;
let closeAll: () => void;
beforeEach(() => {
  reminders = 0;
  notice.show.mockReset();
  closeAll = () => undefined;
  notice.show.mockImplementation(
    () =>
      new Promise((resolve) => {
        const closeOthers = closeAll;
        closeAll = () => {
          closeOthers();
          resolve(undefined);
        };
      }),
  );
});

/** A window that has told of the proposal. */
async function open() {
  const cairn = {
    listProposals: async () => proposals as unknown as readonly ProposalSummary[],
    listRuns: async () => ({ runs: [{ ...run, reminders } as unknown as RunSummary] }),
  };
  const company = { state: { is: 'open', cairn } } as unknown as Company;
  const notices = new RunNotices(company);
  const rest = async () => {
    void notices.onRest('r', 'waiting');
    await new Promise((resolve) => setImmediate(resolve));
  };
  await rest();
  return rest;
}

const shown = () => notice.show.mock.calls.map(([text]) => text).filter((text) => text === waiting).length;

it('tells of a reminder once, however often the run comes to rest', async () => {
  const rest = await open();
  reminders = 1;
  await rest();
  closeAll();
  await rest();
  await rest();
  expect(shown()).toBe(1);
});

it('tells of the next reminder, but not while the notice before is still there', async () => {
  const rest = await open();
  reminders = 1;
  await rest();
  reminders = 2;
  await rest();
  expect(shown()).toBe(1);
  closeAll();
  await rest();
  reminders = 3;
  await rest();
  expect(shown()).toBe(2);
});

it('in a window that opens later asks for the decision, and repeats no reminder of before', async () => {
  reminders = 2;
  const rest = await open();
  await rest();
  expect(shown()).toBe(0);
  expect(notice.show).toHaveBeenCalledTimes(1);
});
