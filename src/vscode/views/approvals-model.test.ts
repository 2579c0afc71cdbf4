import { describe, expect, it } from 'vitest';
import {
  checkKey,
  countAwaiting,
  fileDescription,
  groupByRun,
  groupDescription,
  proposalDescription,
  proposalLabel,
  proposalTooltip,
} from './approvals-model.ts';
import { proposalVersion, someFailure } from '../../../test/fixtures/recorded-run.ts';
import type { ProposalSummary } from '../../app/cairn.ts';

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
