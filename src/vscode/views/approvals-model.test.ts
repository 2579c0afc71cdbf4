import { describe, expect, it } from 'vitest';
import {
  badgeText,
  checkKey,
  countAwaiting,
  fileDescription,
  groupByRun,
  groupDescription,
  proposalDescription,
  proposalLabel,
  proposalTooltip,
  questionDescription,
  questionLabel,
  questionNodes,
} from './approvals-model.ts';
import { proposalVersion, someFailure } from '../../../test/fixtures/recorded-run.ts';
import type { ProposalSummary, RunSummary } from '../../app/cairn.ts';
import { noCost } from '../../contracts/proposal.ts';

function summary(change: Partial<ProposalSummary> = {}): ProposalSummary {
  return {
    id: 'run-a/1',
    run: 'run-a',
    workflowName: 'Content loop',
    step: 'draft',
    stepName: 'Draft',
    status: 'open',
    awaiting: true,
    createdAtMs: 1,
    current: proposalVersion(),
    versions: 1,
    findings: [],
    ...change,
  };
}

describe('the questions', () => {
  const untilMs = new Date(2026, 11, 1, 9, 0).getTime();
  const run: RunSummary = {
    id: 'run-a',
    workflow: 'loop',
    workflowName: 'Content loop',
    status: { is: 'running' },
    canGoOn: false,
    left: false,
    archived: false,
    startedAtMs: 0,
    updatedAtMs: 0,
    cost: noCost,
    model: 'offline',
    openProposals: 0,
    progress: { done: 0, of: 3 },
    reminders: 0,
    next: [],
    waits: [
      { step: 'gate', name: 'Gate', wait: { for: 'decision', question: 'Go on?' } },
      {
        step: 'ask',
        name: 'Ask',
        wait: { for: 'answer', question: 'Which\n one?', options: ['a', 'b'], untilMs },
      },
    ],
  };

  it('are those of steps that ask for a choice, whatever else the run does', () => {
    const [node, ...others] = questionNodes([run, { ...run, id: 'run-b', waits: [] }]);
    expect(others).toEqual([]);
    expect(node && [node.run, questionLabel(node)]).toEqual(['run-a', 'Your answer: Which one?']);
    expect(node && questionDescription(node, 0)).toBe('Content loop · until 2026-12-01 09:00');
  });

  it('count in the badge beside the proposals', () => {
    expect(badgeText(2, 1)).toBe('2 proposals to decide, 1 question to answer');
    expect([badgeText(1, 0), badgeText(0, 2)]).toEqual(['1 proposal to decide', '2 questions to answer']);
  });
});

describe('the approvals', () => {
  it('are grouped by run, the newest run first', () => {
    const groups = groupByRun([
      summary(),
      summary({ id: 'run-b/1', run: 'run-b', createdAtMs: 9 }),
      summary({ id: 'run-a/2' }),
    ]);
    expect(groups.map(({ run, proposals }) => [run, proposals.length])).toEqual([
      ['run-b', 1],
      ['run-a', 2],
    ]);
  });

  it('leave out what does not wait for the operator, but not what could not be committed', () => {
    const done = summary({ id: 'run-a/2', awaiting: false, status: 'applied' });
    const blocked = summary({ id: 'run-a/3', awaiting: false, status: 'approved', blocked: someFailure });
    const all = [summary(), done, blocked];
    expect(groupByRun(all)[0]?.proposals.map(({ summary: { id } }) => id)).toEqual(['run-a/1', 'run-a/3']);
    expect(countAwaiting(all)).toBe(1);
  });

  it('say first what decides', () => {
    expect(proposalDescription(summary())).toMatch(/^low risk · 86% · \+42 −3 · Draft the autumn article/);
    expect(proposalDescription(summary({ blocked: someFailure }))).toMatch(/^not committed/);
  });

  it('are called by their step, from the second version on with its number', () => {
    expect(proposalLabel(summary())).toBe('Draft');
    expect(proposalLabel(summary({ current: proposalVersion({ version: 2 }) }))).toBe('Draft v2');
  });

  it('keep an intent of several lines on one', () => {
    const current = proposalVersion({ intent: 'Write\nthe  article' });
    expect(proposalDescription(summary({ current }))).toMatch(/ · Write the article$/);
  });

  it('say how many proposals of a run there are, and since when', () => {
    const [group] = groupByRun([summary(), summary({ id: 'run-a/2', createdAtMs: 60_000 })]);
    expect(group && groupDescription(group, 240_000)).toBe('2 proposals · 3 min ago');
  });

  it('forget a check mark when a new version arrives', () => {
    expect(checkKey(summary())).not.toBe(
      checkKey(summary({ current: proposalVersion({ commit: 'c'.repeat(40) }) })),
    );
  });

  it('tell in the tooltip what is needed to decide', () => {
    const failed = { rule: 'words', passed: false, severity: 'warning', message: 'has 96 words' } as const;
    const text = proposalTooltip(
      summary({ findings: [failed], current: proposalVersion({ tainted: true }) }),
    );
    for (const part of [
      'Draft the autumn article',
      '**Risk:** low (only drafts/)',
      '**Confidence:** 86% (checks 100%, grounding 80%)',
      '**Read text from outside**',
      '**Check warning:** has 96 words',
      'Offline \\(extractive\\)',
      'drafts/a\\.md',
      'memory/customers/a\\.md',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('never let the text of a proposal become a link, an image or a command in the tooltip', () => {
    const intent = '[click](command:cairn.approve) ![x](https://evil.example/p.png) <img src=x> $(zap)';
    const text = proposalTooltip(summary({ current: proposalVersion({ intent }) }));
    expect(text).not.toMatch(/(?<!\\)\[click/);
    expect(text).not.toMatch(/(?<!\\)<img/);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
  });

  it('describe files by folder and change', () => {
    const change = { path: 'drafts/a.md', kind: 'modified', added: 4, removed: 2, binary: false } as const;
    expect(fileDescription(change)).toBe('drafts · modified +4 −2');
    expect(fileDescription({ ...change, path: 'b.png', kind: 'added', binary: true })).toBe('added, binary');
    expect(fileDescription({ ...change, kind: 'renamed', from: 'x.md' })).toBe(
      'drafts · renamed from x.md +4 −2',
    );
  });
});
