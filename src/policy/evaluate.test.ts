import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../contracts/policy.ts';
import { decidePolicy, type PolicyRequest } from './evaluate.ts';
import { parsePolicy } from './policy-file.ts';

const request: PolicyRequest = {
  workflow: 'content-loop',
  agent: 'executor',
  kind: 'files',
  paths: ['drafts/a.md'],
  risk: 'low',
  confidence: 0.8,
  costUsd: 0.1,
  tainted: false,
};

function policy(text: string): Policy {
  return parsePolicy(text, { file: '.cairn/policy.yaml' });
}

const allowAll = policy('rules:\n  - {then: allow, why: Everything goes}\n');

describe('rules', () => {
  const rules = policy(`rules:
  - when: {path: [published/**], riskAtLeast: medium}
    then: deny
    why: Too risky to publish
  - when: {path: drafts/**, agent: exec*, confidenceBelow: 0.9}
    then: allow
    why: Drafts are cheap to undo
  - when: {costAbove: 0.5}
    then: deny
    why: Too dear
`);

  test('the first that fits decides, with its reason', () => {
    expect(decidePolicy(rules, request)).toEqual({ then: 'allow', why: 'Drafts are cheap to undo' });
  });

  test.each([
    ['a path that no rule names', { paths: ['plans/a.md'] }],
    ['one path of several', { paths: ['drafts/a.md', 'plans/a.md'] }],
    ['no path', { paths: [] }],
    ['another agent', { agent: 'planner' }],
    ['a confidence at the bound', { confidence: 0.9 }],
    ['a cost at the bound', { paths: ['plans/a.md'], costUsd: 0.5 }],
    ['a risk below the bound', { paths: ['published/a.md'] }],
  ])('%s does not fit, so the operator is asked', (_what, change) => {
    expect(decidePolicy(rules, { ...request, ...change }).then).toBe('ask');
  });

  test('risk, cost and taint fit beyond their bounds', () => {
    expect(decidePolicy(rules, { ...request, paths: ['published/a.md'], risk: 'high' }).then).toBe('deny');
    expect(decidePolicy(rules, { ...request, paths: ['plans/a.md'], costUsd: 0.51 }).why).toBe('Too dear');
    const tainted = policy('rules: [{when: {tainted: true}, then: deny, why: Outside}]');
    expect(decidePolicy(tainted, { ...request, tainted: true }).then).toBe('deny');
    expect(decidePolicy(tainted, request).then).toBe('ask');
  });

  test('kind and workflow narrow a rule', () => {
    const memory = policy('rules: [{when: {kind: memory, workflow: [content-*]}, then: allow, why: Notes}]');
    expect(decidePolicy(memory, { ...request, kind: 'memory' }).then).toBe('allow');
    expect(decidePolicy(memory, request).then).toBe('ask');
    expect(decidePolicy(memory, { ...request, kind: 'memory', workflow: 'inbox' }).then).toBe('ask');
  });
});

describe('guards', () => {
  test.each(['.cairn/policy.yaml', '.git/hooks/pre-commit', '.Cairn/agents/qa.agent.md', 'a/.git/config'])(
    '%s is denied though a rule allows everything',
    (path) => {
      const verdict = decidePolicy(allowAll, { ...request, paths: ['drafts/a.md', path] });
      expect(verdict.then).toBe('deny');
      expect(verdict.why).toContain(path);
    },
  );

  test('a path out of the company is denied', () => {
    expect(decidePolicy(allowAll, { ...request, paths: ['../../etc/hosts'] }).then).toBe('deny');
  });

  test('P7: what a tainted run proposes is asked, and why is said', () => {
    const verdict = decidePolicy(allowAll, { ...request, tainted: true });
    expect(verdict.then).toBe('ask');
    expect(verdict.why).toContain('text from outside');
  });

  test('taking a change of a protected file back is asked, never allowed by rule', () => {
    const revert: PolicyRequest = { ...request, kind: 'revert', paths: ['.cairn/policy.yaml'] };
    expect(decidePolicy(allowAll, revert).then).toBe('ask');
  });

  const when = fc.record(
    {
      kind: fc.constantFrom('files' as const, 'memory' as const, 'revert' as const),
      path: fc.array(fc.constantFrom('**', '.cairn/**', '.git/**', '*'), { minLength: 1 }),
      agent: fc.constant<string[]>(['*']),
      riskAtLeast: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
      tainted: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const anyPolicy = fc
    .array(
      fc.record({
        when,
        then: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const),
        why: fc.constant('x'),
      }),
    )
    .map((rules): Policy => ({ rules, budgets: {} }));
  const anyRequest = fc.record({
    workflow: fc.constant('w'),
    agent: fc.constant('a'),
    kind: fc.constantFrom('files' as const, 'memory' as const, 'revert' as const),
    paths: fc.array(fc.constantFrom('drafts/a.md', '.cairn/policy.yaml', '.git/config', '../x'), {
      maxLength: 3,
    }),
    risk: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    costUsd: fc.double({ min: 0, max: 10, noNaN: true }),
    tainted: fc.boolean(),
  });

  test('no list of rules overrides one', () => {
    fc.assert(
      fc.property(anyPolicy, anyRequest, (rules, asked) => {
        const guarded = asked.paths.some((path) => path.startsWith('.cairn/') || path.startsWith('.git/'));
        const refused = asked.paths.includes('../x') || (guarded && asked.kind !== 'revert');
        const possible = refused
          ? ['deny']
          : guarded || asked.tainted
            ? ['deny', 'ask']
            : ['deny', 'ask', 'allow'];
        expect(possible).toContain(decidePolicy(rules, asked).then);
      }),
    );
  });
});
